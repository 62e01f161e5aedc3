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
    .replaceAll(/\S*\d\S*/g, '#')
    .replaceAll(/[^\p{L}\p{N}#]+/gu, ' ')
    .trim()
}
