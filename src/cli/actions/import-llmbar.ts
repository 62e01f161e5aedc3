import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { importLlmbar } from '../../importers/llmbar.ts'
import { formatLabels } from '../../judge/label-rows.ts'
import { formatVotes } from '../../judge/votes-to-store.ts'
import { plural } from '../../report/format.ts'
import { terminalBlock } from '../../text/sanitise-terminal.ts'
import { shellWord } from '../../text/shell-word.ts'
import type { Io } from '../io.ts'
import { readLlmbar } from '../judge/llmbar-results.ts'
import { writeWhole } from '../judge/write-whole.ts'
import { commandPrefix } from '../print/report-context.ts'
import { usualOutput } from '../run-folder/run-folder.ts'

export interface LlmbarOptions {
  readonly evaluator?: string
  readonly output?: string
}

/** Turns stored verdicts of LLMBar into labels and votes, so that a judge can be held against people. */
export async function importLlmbarAction(
  folder: string,
  { evaluator, output }: LlmbarOptions,
  io: Io,
): Promise<void> {
  if (evaluator === undefined) {
    throw new AgentEvalError('whose verdicts?', 'usage', {
      hint: 'name an evaluator of LLMBar: --evaluator GPT-4/Metrics_Reference',
    })
  }
  const documents = await readLlmbar(folder, evaluator, io.cwd)
  const parts = documents.map((one) => importLlmbar(one, evaluator))
  const usual = path.join(usualOutput, `llmbar-${evaluator.replaceAll(/[^\w.-]/g, '-')}`)
  const shown = output ?? usual
  const files = { labels: path.join(shown, 'labels.csv'), votes: path.join(shown, 'votes.jsonl') }
  const labels = parts.flatMap((part) => part.labels)
  const write = (file: string, text: string): Promise<void> =>
    writeWhole(path.resolve(io.cwd, file), text, file)
  await write(files.labels, formatLabels(labels))
  await write(files.votes, formatVotes(parts.flatMap((part) => part.votes)))
  const next = `${commandPrefix} judge calibrate --labels ${shellWord(files.labels)} --votes ${shellWord(files.votes)}`
  io.stderr.write(
    terminalBlock(
      `${plural(labels.length, 'label')} and as many votes of ${evaluator} in ${shown}\n  ${next}\n`,
    ),
  )
}
