import type { Command } from 'commander'
import type { ViewOptions } from '../actions/view-history.ts'
import type { Io } from '../io.ts'
import { positiveInteger } from '../options.ts'

const examples = `
Examples:
  agent-eval view --history                 every eval set of agent-eval.yaml
  agent-eval view --history support-refund  one of them
  agent-eval view --history --file history/support-refund.jsonl
`

export function addViewCommand(program: Command, io: Io): void {
  program
    .command('view')
    .description('Did a number change for good from night to night, and since when? 1 if one did.')
    .argument('[evalset...]', 'folders of eval sets (default: those of agent-eval.yaml)')
    .addHelpText('before', examples)
    .option('--history', 'the nights that run --history has recorded')
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .option('--file <file>', 'a history file (default: history.jsonl beside the eval set)')
    .option('--last <nights>', 'how many nights to list', positiveInteger, 30)
    .option('--handled <why>', 'the open alarms are known: start the charts over')
    .option('--json', 'print the drift document to stdout')
    .option('--color', 'colour even where stdout is no terminal')
    .option('--no-color', 'no colour')
    .action(async (evalSets: string[], options: ViewOptions) => {
      const { viewAction } = await import('../actions/view-history.ts')
      await viewAction(evalSets, options, io)
    })
}
