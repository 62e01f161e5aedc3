import { type Command, Option } from 'commander'
import type { Io } from '../io.ts'
import {
  addGithubOption,
  addOutputOptions,
  collect,
  collectTier,
  durationMs,
  positiveInteger,
  seedNumber,
  usDollars,
} from '../options.ts'
import type { RunOptions } from '../run/run-options.ts'

const examples = `
Examples:
  agent-eval run                                  every eval set of the project
  agent-eval run --candidate agents/shorter.yaml  another configuration
  agent-eval run --case refund.full -n 20         one case, twenty trials
  agent-eval run --max-trials 10                  ten each, fewer if they decide
  agent-eval run --max-duration 10m --confirm     an alarm must show twice
  agent-eval run --dry-run                        its cost; sends nothing
  agent-eval run --budget 5                       five dollars at most
  agent-eval run --cassette replay                no key: answers as recorded
  agent-eval run --resume                         go on where it was cut off
`

/** Every option under its heading of the help. */
const optionGroups: Readonly<Record<string, readonly Option[]>> = {
  What: [
    new Option('-c, --config <file>', 'project file (default: agent-eval.yaml)'),
    new Option('--candidate <file>', 'the agent configuration under test'),
    new Option('--model <tier=id>', 'what a model tier means; repeatable').argParser(collect),
    new Option('--set <path=value>', 'override one value of the candidate; repeatable').argParser(
      collect,
    ),
  ],
  Select: [
    new Option('--case <id>', 'one case; repeatable').argParser(collect),
    new Option('-g, --grep <pattern>', 'cases whose id or title matches'),
    new Option(
      '--layer <name>',
      'schema, behavioral, outcome or adversarial; repeatable',
    ).argParser(collect),
    new Option('--tag <name>', 'cases with this tag; repeatable').argParser(collect),
    new Option('--split <name>', 'dev, gate (default) or holdout; repeatable').argParser(collect),
    new Option('--tier <0-4>', 'cases of this risk tier; repeatable').argParser(collectTier),
    new Option(
      '--changed-since <ref>',
      'cases that are another yardstick than at this commit; decides nothing',
    ),
    new Option('--last-failed', 'what failed in the newest run; decides nothing'),
    new Option('--allow-unlinted', 'run cases that lint rejects as well'),
    new Option(
      '--shard <i/n>',
      'one of n parts of the cases, or auto in a CI matrix; decides nothing: compare does',
    ),
  ],
  Sample: [
    new Option(
      '-n, --trials <count>',
      'trials of each case; with --max-trials, those before the first look',
    ).argParser(positiveInteger),
    new Option(
      '--max-trials <count>',
      'trials of each case at most; ends as soon as the verdict is clear',
    ).argParser(positiveInteger),
    new Option(
      '--max-duration <time>',
      'start no trial after this time, such as 90s, 10m or 2h',
    ).argParser(durationMs),
    new Option('--seed <number>', 'seed of the run').argParser(seedNumber),
    new Option('--confirm', 'measure both arms again before calling it a regression'),
    new Option('--skip-unchanged', 'run nothing where nothing changed since the baseline'),
  ],
  Money: [
    new Option('--dry-run', 'send nothing; print what a run would do and may cost'),
    new Option(
      '--budget <usd>',
      'start no trial that does not fit (default: money.budget_usd of agent-eval.yaml)',
    ).argParser(usDollars),
    new Option('-y, --yes', 'do not ask before a run that may cost much'),
    new Option(
      '--cassette <mode>',
      'record: write down what models answer; replay: ask nobody, answer from there',
    )
      .choices(['record', 'replay', 'off'])
      .default('off'),
  ],
  Decide: [
    new Option('--baseline <source>', 'file, run folder, git:REF, git:merge-base:REF, or none'),
    new Option('--require-baseline', 'a missing baseline is an error'),
    new Option('--no-gate', 'run and report, decide nothing'),
    new Option('--strict', 'inconclusive exits 3, as in the release preset'),
  ],
  Execute: [
    new Option('-j, --jobs <count>', 'trials in flight at once').argParser(positiveInteger),
    new Option(
      '--mode <mode>',
      'enforce the controls; only observe them, which decides nothing; or both: every trial twice',
    )
      .choices(['enforce', 'observe', 'both'])
      .default('enforce'),
    new Option('--resume [run]', 'finish this run (default: the newest unfinished one)'),
    new Option('-w, --watch', 'run again whenever a file of the agent or its eval set changes'),
  ],
  Output: [
    new Option('-o, --output <folder>', 'where runs are written (default: agent-eval-results)'),
    new Option(
      '--history [file]',
      'add the run to a history (default: history.jsonl beside the eval set)',
    ),
    new Option(
      '--print-config',
      'print every effective value and where it comes from; run nothing',
    ),
  ],
}

export function addRunCommand(program: Command, io: Io): void {
  const command = program
    .command('run')
    .description('Run the eval set, compare with the baseline, decide.')
    .argument('[evalset...]', 'folders of eval sets (default: those of agent-eval.yaml)')
    .addHelpText('before', examples)
  for (const [heading, options] of Object.entries(optionGroups)) {
    for (const option of options) command.addOption(option.helpGroup(heading))
  }
  addGithubOption(addOutputOptions(command)).action(
    async (evalSets: string[], options: RunOptions) => {
      await (await actionFor(options))(evalSets, options, io)
    },
  )
}

/** Loaded only when it is called. */
async function actionFor({ printConfig, watch }: RunOptions): Promise<RunAction> {
  if (printConfig === true) return (await import('../actions/print-config.ts')).printConfigAction
  if (watch === true) return (await import('../actions/watch.ts')).watchAction
  return (await import('../actions/run.ts')).runAction
}

type RunAction = (evalSets: readonly string[], options: RunOptions, io: Io) => Promise<void>
