/** Codes in ascending order, each with what it says. */
export type ExitCodes = readonly (readonly [code: string, words: string])[]

const interrupted = ['130, 143', 'interrupted; finished trials are kept'] as const
const missing = ['4', 'evidence is missing'] as const
const usage = ['2', 'usage: nothing was done'] as const
const spentNothing = ['2', 'usage: nothing was spent'] as const

const ofVerdict: ExitCodes = [
  ['0', 'pass; inconclusive too where that only warns'],
  ['1', 'regression'],
  spentNothing,
  ['3', 'inconclusive in a release or with --strict, or money or time is over'],
]

/** What each command says by its exit code; by the words behind `agent-eval`. */
const byCommand: Readonly<Record<string, ExitCodes>> = {
  '': [
    ['0', 'pass'],
    ['1', 'regression, violation or finding'],
    spentNothing,
    ['3', 'inconclusive (release preset or --strict)'],
    missing,
    interrupted,
  ],
  init: [
    ['0', 'written'],
    ['2', 'usage: nothing was written'],
  ],
  run: [...ofVerdict, missing, ['130, 143', 'interrupted; --resume goes on']],
  compare: [...ofVerdict, ['4', 'evidence is missing, such as a shard']],
  report: [
    ['0', 'printed, whatever the verdict'],
    ['2', 'usage, or there is no such result'],
    ['4', 'a file could not be written'],
  ],
  baseline: [['0', 'done'], usage],
  'baseline show': [
    ['0', 'printed'],
    ['2', 'usage, or there is none that can be read'],
  ],
  'baseline diff': [['0', 'printed, whether or not anything differs'], usage],
  'baseline update': [
    ['0', 'written'],
    ['2', 'usage, or a run that is not a whole one: nothing was written'],
  ],
  lint: [
    ['0', 'no finding'],
    ['1', 'findings'],
    ['2', 'usage, or an eval set that does not load'],
  ],
  gate: [['0', 'it is'], ['1', 'it is not'], spentNothing, missing],
  'gate aa': [
    ['0', 'no alarm'],
    ['1', 'an alarm where nothing changed'],
    spentNothing,
    missing,
    interrupted,
  ],
  'gate self-test': [['0', 'every bad agent was stopped'], ['1', 'one was let through'], usage],
  'gate power': [['0', 'printed'], usage],
  judge: [['0', 'done'], ['1', 'with --require: it may not gate'], usage],
  'judge calibrate': [
    ['0', 'done'],
    ['1', 'with --require: it may not gate'],
    spentNothing,
    interrupted,
  ],
  'judge review': [['0', 'labelled, or the sample is written'], usage],
  policy: [['0', 'as expected'], ['1', 'something is decided otherwise'], usage],
  'policy test': [
    ['0', 'all as expected'],
    ['1', 'one is decided otherwise'],
    ['2', 'usage, or a file that cannot be read'],
  ],
  'policy diff': [
    ['0', 'printed'],
    ['1', 'with --exit-code: an action is decided otherwise'],
    usage,
  ],
  show: [['0', 'printed, or written'], usage],
  view: [['0', 'shown'], ['1', 'with --history: a number changed for good'], usage],
  import: [['0', 'written'], usage],
  doctor: [
    ['0', 'nothing is marked FAIL'],
    ['1', 'something is'],
    ['2', 'usage'],
  ],
  completion: [['0', 'printed'], usage],
}

/**
 * What the exit codes of a command mean.
 *
 * @param words - the words behind `agent-eval`; none: the program itself
 * @returns `undefined` for a command that nobody described
 */
export function exitCodesOf(words: readonly string[]): ExitCodes | undefined {
  const name = words.join(' ')
  return Object.hasOwn(byCommand, name) ? byCommand[name] : undefined
}
