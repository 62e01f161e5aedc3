import { describeStep, type PlayStep } from './play-step.ts'

/**
 * The steps of an oracle against those of a mutant, one line a step: `- ` only the oracle, `+ `
 * only the mutant, two blanks for both. Steps are compared by identity: a mutant keeps what it does
 * not change.
 */
export function diffSteps(oracle: readonly PlayStep[], mutant: readonly PlayStep[]): string[] {
  const common = longestCommon(oracle, mutant)
  const lines: string[] = []
  let before = 0
  let after = 0
  for (const step of [...common, undefined]) {
    const nextBefore = step === undefined ? oracle.length : oracle.indexOf(step, before)
    const nextAfter = step === undefined ? mutant.length : mutant.indexOf(step, after)
    lines.push(...oracle.slice(before, nextBefore).map((one) => `- ${describeStep(one)}`))
    lines.push(...mutant.slice(after, nextAfter).map((one) => `+ ${describeStep(one)}`))
    if (step !== undefined) lines.push(`  ${describeStep(step)}`)
    before = nextBefore + 1
    after = nextAfter + 1
  }
  return lines
}

/** The longest list of steps that both hold in this order. */
function longestCommon(
  some: readonly PlayStep[],
  others: readonly PlayStep[],
): readonly PlayStep[] {
  let row: readonly (readonly PlayStep[])[] = others.map(() => [])
  for (const step of some) {
    const next: (readonly PlayStep[])[] = []
    for (const [index, other] of others.entries()) {
      const diagonal = row[index - 1] ?? []
      const above = row[index] ?? []
      const left = next[index - 1] ?? []
      const longer = above.length >= left.length ? above : left
      next.push(
        step === other && diagonal.length + 1 > longer.length ? [...diagonal, step] : longer,
      )
    }
    row = next
  }
  return row.at(-1) ?? []
}
