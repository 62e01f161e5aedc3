import type { ArgumentMatchers } from '../schema/matcher.ts'
import { checkPattern } from './check-expression.ts'
import type { Finding, Path } from './problem.ts'

interface WithArguments {
  readonly args?: ArgumentMatchers | undefined
}

/** Patterns for arguments that do not compile, in a list of calls at `path`. */
export function checkArgumentLists(
  path: Path,
  patterns: readonly WithArguments[] = [],
): readonly Finding[] {
  return patterns.flatMap((pattern, index) => checkArguments([...path, index], pattern))
}

/** The same for one call. */
export function checkArguments(path: Path, { args = {} }: WithArguments): readonly Finding[] {
  return Object.entries(args).flatMap(([name, matcher]) =>
    typeof matcher === 'object' &&
    matcher !== null &&
    'matches' in matcher &&
    matcher.matches !== undefined
      ? checkPattern([...path, 'args', name, 'matches'], matcher.matches)
      : [],
  )
}
