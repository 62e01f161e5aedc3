import type { Command } from 'commander'
import type { ImportOptions } from '../actions/import.ts'
import type { LlmbarOptions } from '../actions/import-llmbar.ts'
import type { Io } from '../io.ts'
import { numberList } from '../options.ts'

const examples = `
Examples:
  agent-eval import tau-bench results.json                 a run of ours
  agent-eval import agentdojo run.json.gz --name dojo      under a name
  agent-eval import llmbar LLMBar --evaluator GPT-4/Vanilla
`

export function addImportCommand(program: Command, io: Io): void {
  program
    .command('import')
    .description(
      'Turn a recorded run of another tool into a run of ours, for report, show and compare.',
    )
    .addHelpText('before', examples)
    .argument('<format>', 'tau-bench or agentdojo; or llmbar: labels and votes for judge calibrate')
    .argument('<file>', 'the recording, .gz is unpacked; of llmbar its folder')
    .option('--trials <numbers>', 'only these recorded trials, for example 0,1', numberList)
    .option('--name <run>', 'what the run is called (default: from the file)')
    .option('-o, --output <folder>', 'where runs are written (default: agent-eval-results)')
    .option('--evaluator <name>', 'of llmbar: whose verdicts, such as GPT-4/Metrics_Reference')
    .option('--json', 'print the result document to stdout')
    .action(async (format: string, file: string, options: ImportOptions & LlmbarOptions) => {
      if (format === 'llmbar') {
        const { importLlmbarAction } = await import('../actions/import-llmbar.ts')
        await importLlmbarAction(file, options, io)
        return
      }
      const { importAction } = await import('../actions/import.ts')
      await importAction({ format, file, options }, io)
    })
}
