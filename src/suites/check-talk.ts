import type { WrittenCase } from '../schema/case.ts'
import { checkPattern, checkPatterns } from './check-expression.ts'
import type { Finding } from './problem.ts'

/** Patterns of the user's side of a case that do not compile. */
export function checkTalk({ conversation = [], user }: WrittenCase): readonly Finding[] {
  return [
    ...conversation.flatMap(({ when }, index) =>
      when === undefined ? [] : checkPattern(['conversation', index, 'when'], when),
    ),
    ...checkPatterns(['user', 'must_not'], user?.must_not),
  ]
}
