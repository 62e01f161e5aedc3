/** How often a judge agreed with human labels, apart for items that the human passed and failed. */
export interface JudgeLabels {
  /** Items that the human passed; ≥ 0 */
  readonly humanPass: number
  /** Of these, the judge passed too; ≤ humanPass */
  readonly humanPassAgreed: number
  /** Items that the human failed; ≥ 0 */
  readonly humanFail: number
  /** Of these, the judge failed too; ≤ humanFail */
  readonly humanFailAgreed: number
}

/** How well a judge tells good from bad, measured on human labels. */
export interface JudgeAccuracy {
  /** Share of human passes that the judge passes, in [0, 1]. */
  readonly sensitivity: number
  /** Share of human fails that the judge fails, in [0, 1]. */
  readonly specificity: number
  /** Sensitivity + specificity − 1, in [−1, 1]: by how much the judge shrinks a true difference; 0 for a coin. */
  readonly youden: number
}

/**
 * Measures a judge by human labels.
 *
 * @returns `undefined` when the human passed none or failed none: half of the judge is unknown
 * @see Youden 1950, Cancer 3:32–35
 */
export function judgeAccuracy(labels: JudgeLabels): JudgeAccuracy | undefined {
  const { humanPass, humanPassAgreed, humanFail, humanFailAgreed } = labels
  if (humanPass === 0 || humanFail === 0) return undefined
  const sensitivity = humanPassAgreed / humanPass
  const specificity = humanFailAgreed / humanFail
  return { sensitivity, specificity, youden: sensitivity + specificity - 1 }
}
