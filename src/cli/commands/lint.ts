import type { Command } from 'commander'
import type { LintOptions } from '../actions/lint.ts'
import type { Io } from '../io.ts'

export function addLintCommand(program: Command, io: Io): void {
  program
    .command('lint')
    .description('Is the eval set valid, does each oracle pass, and does doing nothing fail?')
    .argument('[evalset...]', 'folders of eval sets (default: those of agent-eval.yaml)')
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .option('--print-schema <document>', 'print the JSON Schema of a document, for editors')
    .action(async (evalSets: string[], options: LintOptions) => {
      const { lintAction } = await import('../actions/lint.ts')
      await lintAction(evalSets, options, io)
    })
}
