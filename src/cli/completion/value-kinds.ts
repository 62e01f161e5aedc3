/**
 * What may stand where the command line wants a value. The first five are asked of `__complete`, because
 * only the project knows them; `file` is the shell's own business.
 */
export const dynamicKinds = ['cases', 'runs', 'shows', 'evalsets', 'candidates'] as const
export type DynamicKind = (typeof dynamicKinds)[number]
export type ValueKind = DynamicKind | 'file' | 'none'

/** Options by their long name; others take what nobody can guess. */
const byOption: ReadonlyMap<string, ValueKind> = new Map([
  ['--baseline', 'runs'],
  ['--candidate', 'candidates'],
  ['--case', 'cases'],
  ['--config', 'file'],
  ['--csv-in', 'file'],
  ['--csv-out', 'file'],
  ['--evalset', 'evalsets'],
  ['--explain', 'cases'],
  ['--file', 'file'],
  ['--from', 'runs'],
  ['--history', 'file'],
  ['--html', 'file'],
  ['--labels', 'file'],
  ['--output', 'file'],
  ['--resume', 'runs'],
  ['--run', 'runs'],
  ['--to-case', 'file'],
  ['--tools', 'file'],
  ['--votes', 'file'],
])

/** Arguments by the name that their command gives them. */
const byArgument: ReadonlyMap<string, ValueKind> = new Map([
  ['evalset', 'evalsets'],
  ['file', 'file'],
  ['files', 'file'],
  ['folder', 'file'],
  ['run', 'runs'],
  ['runs', 'runs'],
  ['what', 'shows'],
])

/** Words that an option takes, where its command does not check them before it reads the project. */
const wordsByOption: ReadonlyMap<string, readonly string[]> = new Map([
  ['--layer', ['schema', 'behavioral', 'outcome', 'adversarial']],
  ['--split', ['dev', 'gate', 'holdout']],
  ['--tier', ['0', '1', '2', '3', '4']],
])

export function kindOfOption(long: string): ValueKind {
  return byOption.get(long) ?? 'none'
}

export function kindOfArgument(name: string): ValueKind {
  return byArgument.get(name) ?? 'none'
}

export function wordsOfOption(long: string): readonly string[] | undefined {
  return wordsByOption.get(long)
}
