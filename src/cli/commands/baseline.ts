import type { Command } from 'commander'
import { AgentEvalError } from '../../errors.ts'
import { shellWord } from '../../text/shell-word.ts'
import type { BaselineOptions, BaselineRequest } from '../actions/baseline.ts'
import type { Io } from '../io.ts'
import { collect } from '../options.ts'

const examples = {
  all: `
Examples:
  agent-eval baseline show     what changes are compared with
  agent-eval baseline diff     what the newest run would change
  agent-eval baseline update   make the newest run the baseline; then commit it
`,
  show: `
Examples:
  agent-eval baseline show                  the only eval set
  agent-eval baseline show evalsets/refund  one of several
`,
  diff: `
Examples:
  agent-eval baseline diff       what the newest run would change
  agent-eval baseline diff RUN   what this run would change
`,
  update: `
Examples:
  agent-eval baseline update                     the newest run
  agent-eval baseline update RUN RUN RUN         runs of one agent, as one
  agent-eval baseline update --case refund.full  no other case changes
`,
} as const

export function addBaselineCommand(program: Command, io: Io): void {
  const command = program
    .command('baseline')
    .description('Show, compare or update the committed baseline.')
    .addHelpText('before', examples.all)
  const act = async (request: BaselineRequest): Promise<void> => {
    const { baselineAction } = await import('../actions/baseline.ts')
    await baselineAction(request, io)
  }
  const sub = (name: BaselineRequest['name'], description: string): Command =>
    command
      .command(name)
      .description(description)
      .addHelpText('before', examples[name])
      .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
      .option('--evalset <folder>', 'which eval set, where the project has several')
  const ofRuns = (name: 'diff' | 'update', description: string): Command =>
    sub(name, description)
      .argument('[runs...]', 'the runs to take, pooled (default: the newest)')
      .option('--from <run>', 'the run to take')
      .option('--case <id>', 'take only this case; repeatable', collect)
      .action((runs: string[], options: BaselineOptions) => act({ name, runs, options }))
  sub('show', 'Print the committed baseline.')
    .argument('[evalset]', 'folder of an eval set (default: the only one of agent-eval.yaml)')
    .action((evalSet: string | undefined, options: BaselineOptions) =>
      act({
        name: 'show',
        runs: [],
        options: { ...options, ...oneEvalSet(evalSet, options.evalset) },
      }),
    )
  ofRuns('diff', 'What would change if a run became the baseline.')
  ofRuns('update', 'Make a finished run the baseline. Commit the file to accept it.')
}

function oneEvalSet(
  placed: string | undefined,
  named: string | undefined,
): Pick<BaselineOptions, 'evalset'> {
  if (placed === undefined) return {}
  if (named === undefined || named === placed) return { evalset: placed }
  throw new AgentEvalError('the eval set is named twice, and not the same one', 'usage', {
    hint: `name one: npx agent-eval baseline show ${shellWord(placed)}`,
  })
}
