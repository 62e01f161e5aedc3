import type { EvalCase } from '../schema/case.ts'

/**
 * What the user says, without what a table would fill in (numbers, dates, ids), without case and
 * without punctuation: two cases with one wording read the same.
 */
export function wordingOf({ turns }: Pick<EvalCase, 'turns'>): string {
  return turns
    .map(({ say }) => say)
    .join('\n')
    .toLowerCase()
    .split(/\s+/)
    .map((word) => (/\d/.test(word) ? '#' : word))
    .join(' ')
    .replaceAll(/[^\p{L}\p{N}#]+/gu, ' ')
    .trim()
}
