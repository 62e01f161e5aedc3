import { AgentEvalError } from '../../errors.ts'

/** Longer than any host allows a branch to be. */
const longest = 255

/**
 * Refuses what git, or whoever reads a command line, could take for something else than one commit:
 * an option, a range, a path, a search. The names of branches come from whoever opened the pull
 * request.
 *
 * `HEAD~1`, `v1.2^` and `origin/main` stay possible.
 *
 * @throws AgentEvalError (usage)
 */
export function requireSafeRef(ref: string): void {
  if (isSafeRef(ref)) return
  throw new AgentEvalError(`"${ref}" is no git reference`, 'usage', {
    hint: 'name a branch, a tag or a commit',
  })
}

function isSafeRef(ref: string): boolean {
  if (ref === '' || ref.length > longest || ref.startsWith('-')) return false
  // White space and control characters, ranges, `REF:path`, globs, `@{…}`, `^{/search}`.
  return !/[\s\p{Cc}\p{Cf}:?*[\\{}]|\.\./u.test(ref)
}
