import type { LintFinding } from '../../schema/lint-result.ts'

/** One step of an oracle against its mutant. */
export interface DiffLine {
  readonly sign: '-' | '+' | ' '
  /** Foreign, and yet to be made safe. */
  readonly text: string
}

/** The steps of a finding's diff; a line without a sign of ours is one that both have. */
export function diffLines({ diff = [] }: LintFinding): readonly DiffLine[] {
  return diff.map((line) => {
    const sign = line.charAt(0)
    if (sign === '-' || sign === '+' || sign === ' ') return { sign, text: line.slice(1) }
    return { sign: ' ', text: line }
  })
}
