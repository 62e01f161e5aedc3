import type { Command } from 'commander'
import type { BaselineOptions } from '../actions/baseline.ts'
import type { Io } from '../io.ts'

export function addBaselineCommand(program: Command, io: Io): void {
  const command = program
    .command('baseline')
    .description('Show, compare or update the committed baseline.')
  const sub = (name: 'show' | 'diff' | 'update', description: string): Command =>
    command
      .command(name)
      .description(description)
      .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
      .option('--evalset <folder>', 'which eval set, where the project has several')
      .option('--from <run>', 'the run to take (default: the newest)')
      .action(async (options: BaselineOptions) => {
        const { baselineAction } = await import('../actions/baseline.ts')
        await baselineAction({ name, run: options.from, options }, io)
      })
  sub('show', 'Print the committed baseline.')
  sub('diff', 'What would change if a run became the baseline.')
  sub('update', 'Make a finished run the baseline. Commit the file to accept it.')
}
