import type { Command } from 'commander'
import type { ShowOptions } from '../actions/show.ts'
import type { Io } from '../io.ts'

const examples = `
Examples:
  agent-eval show RUN                           the run at a glance
  agent-eval show 'RUN/refund.full#2'           its second trial, step by step
  agent-eval show 'RUN/refund.full#2' --accept  what it did was right
`

export function addShowCommand(program: Command, io: Io): void {
  program
    .command('show')
    .description(
      'A run at a glance, or one trial step by step: why was this allowed, why did it fail?',
    )
    .addHelpText('before', examples)
    .argument('<what>', 'RUN, RUN/case or RUN/case#n')
    .option('--accept', 'this trial is right: write it into its case as oracle and effects')
    .option('--to-case [file]', 'make a draft case of this trial (default: print it)')
    .action(async (what: string, options: ShowOptions) => {
      const { showAction } = await import('../actions/show.ts')
      await showAction(what, options, io)
    })
}
