import type { Command } from 'commander'
import type { Io } from '../io.ts'

export function addShowCommand(program: Command, io: Io): void {
  program
    .command('show')
    .description(
      'A run at a glance, or one trial step by step: why was this allowed, why did it fail?',
    )
    .argument('<what>', 'RUN, RUN/case or RUN/case#n')
    .action(async (what: string) => {
      const { showAction } = await import('../actions/show.ts')
      await showAction(what, io)
    })
}
