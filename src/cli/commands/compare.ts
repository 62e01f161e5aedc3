import { type Command, InvalidArgumentError } from 'commander'
import { AgentEvalError } from '../../errors.ts'
import type { CompareOptions } from '../compare/compare-input.ts'
import type { Io } from '../io.ts'
import { addGithubOption, addOutputOptions, collect, positiveInteger } from '../options.ts'

const examples = `
Examples:
  agent-eval compare RUN-A RUN-B                 is B worse than A?
  agent-eval compare RUN                         with the committed baseline
  agent-eval compare RUN --baseline git:v1.4.0   with that of a release
  agent-eval compare shards/ --expect-shards 3   in CI, after three jobs
`

export function addCompareCommand(program: Command, io: Io): void {
  const command = program
    .command('compare')
    .description(
      'Decide again from finished runs, result files or baselines, or on shards. No model calls.',
    )
    .addHelpText('before', examples)
    .argument(
      '<runs...>',
      'BASE CANDIDATE, or CANDIDATE alone with --baseline; with --expect-shards a folder of shards',
    )
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .option('--baseline <source>', 'file, run folder, git:REF, git:merge-base:REF')
    .option('--strict', 'inconclusive exits 3, as in the release preset')
    .option(
      '--expect-shards <count>',
      'decide on the shards below a folder; one that is missing is exit 4',
      shardCount,
    )
    .option(
      '--evalset <id>',
      'with --expect-shards: an eval set whose shards must be there, repeatable (default: all of the project)',
      collect,
    )
    .option('-o, --output <folder>', 'where shards are put together (default: agent-eval-results)')
  addGithubOption(addOutputOptions(command)).action(
    async (runs: string[], options: CompareOptions) => {
      requireShards(options)
      const { compareAction } = await import('../actions/compare.ts')
      await compareAction(runs, options, io)
    },
  )
}

/** @throws AgentEvalError (usage) for `--evalset` where no shards are asked for */
function requireShards({ evalset, expectShards }: CompareOptions): void {
  if (evalset === undefined || expectShards !== undefined) return
  throw new AgentEvalError('--evalset names eval sets whose shards must be there', 'usage', {
    hint: 'say how many shards there are with --expect-shards N',
  })
}

/** No host runs more jobs side by side. */
const mostShards = 1000

function shardCount(text: string): number {
  const count = positiveInteger(text)
  if (count <= mostShards) return count
  throw new InvalidArgumentError(`expected at most ${mostShards}`)
}
