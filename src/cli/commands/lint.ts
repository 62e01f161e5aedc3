import { type Command, Option } from 'commander'
import type { LintOptions } from '../actions/lint.ts'
import type { Io } from '../io.ts'
import { addOutputOptions, collect } from '../options.ts'

const examples = `
Examples:
  agent-eval lint                        every eval set of the project
  agent-eval lint --case refund.full -v  one case, with its mutants
  agent-eval lint --explain refund.full  every value, and where it comes from
  agent-eval lint -r sarif:lint.sarif    for code scanning
`

export function addLintCommand(program: Command, io: Io): void {
  const command = program
    .command('lint')
    .description('Is the eval set valid, and can every case of it fail? No model; 1 on findings.')
    .argument('[evalset...]', 'folders of eval sets (default: those of agent-eval.yaml)')
    .addHelpText('before', examples)
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .addOption(new Option('--case <id>', 'only this case; repeatable').argParser(collect))
    .option('--no-cache', 'play every case again, also where nothing has changed')
    .addOption(
      new Option('--explain <case>', 'print what a case says in full; repeatable').argParser(
        collect,
      ),
    )
    .option('--print-schema <document>', 'print the JSON Schema of a document, for editors')
    .option('-v, --verbose', 'every finding, and a table of all cases')
  addOutputOptions(command, 'terminal, json, sarif').action(
    async (evalSets: string[], options: LintOptions) => {
      const { lintAction } = await import('../actions/lint.ts')
      await lintAction(evalSets, options, io)
    },
  )
}
