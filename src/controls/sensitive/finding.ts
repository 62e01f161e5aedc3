/** Personal data that a form and a checksum can tell, in the order in which it is reported. */
const piiKinds = ['email', 'card', 'iban', 'ssn', 'phone', 'ipv4'] as const
export type PiiKind = (typeof piiKinds)[number]

/** Something that should not be said, and where it stands: offsets as in `text.slice(start, end)`. */
export interface Finding {
  /** A {@link PiiKind}, or what kind of secret: `private-key`, `aws-key`, `jwt`, `url-password`, … */
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** Which of two that overlap gives its name to both: what does more harm. */
const worstFirst: readonly string[] = ['card', 'iban', 'ssn', 'email', 'phone', 'ipv4']

/** Whether a kind is a secret and not personal data. */
export function isSecretKind(kind: string): boolean {
  return !(piiKinds as readonly string[]).includes(kind)
}

/** Kinds as they are reported: personal data in its order, then secrets by name. */
export function inOrder(kinds: ReadonlySet<string>): readonly string[] {
  const secrets = [...kinds].filter(isSecretKind).sort()
  return [...piiKinds.filter((kind) => kinds.has(kind)), ...secrets]
}

/**
 * Findings by position, overlapping ones as one that covers both.
 *
 * Those that only touch stay apart. The same findings give the same answer in whatever order they
 * came.
 */
export function mergeFindings(findings: readonly Finding[]): readonly Finding[] {
  const merged: Finding[] = []
  const sorted = findings.toSorted((a, b) => a.start - b.start || a.end - b.end)
  for (const finding of sorted) {
    const last = merged.at(-1)
    if (last === undefined || finding.start >= last.end) merged.push(finding)
    else merged[merged.length - 1] = covering(last, finding)
  }
  return merged
}

function covering(a: Finding, b: Finding): Finding {
  return { kind: worse(a.kind, b.kind), start: a.start, end: Math.max(a.end, b.end) }
}

function worse(a: string, b: string): string {
  const difference = worstFirst.indexOf(a) - worstFirst.indexOf(b)
  if (difference === 0) return a < b ? a : b
  return difference < 0 ? a : b
}

/** Every match of a pattern as a finding; the pattern has the flag `g`. */
export function findMatches(kind: PiiKind, pattern: RegExp, text: string): readonly Finding[] {
  return Array.from(text.matchAll(pattern), ({ 0: found, index }) => {
    return { kind, start: index, end: index + found.length }
  })
}
