import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { draftFromTrial } from '../../authoring/draft-from-trial.ts'
import { AgentEvalError } from '../../errors.ts'
import { viewEvents } from '../../graders/view-events.ts'
import { terminalBlock, terminalLine } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { isThere } from '../outside/node-folder.ts'
import { writeText } from '../print/write-text.ts'
import type { ShownTrial } from './accept-trial.ts'

/**
 * `show RUN/case#n --to-case [FILE]`: a trial that went wrong, or a recorded one, as a draft case.
 * Without a file the draft is printed.
 */
export async function trialToCase(
  { events, line, run }: ShownTrial,
  file: string | true,
  io: Io,
): Promise<void> {
  const draft = draftFromTrial({ line, view: viewEvents(events), run: path.basename(run) })
  if (file === true) {
    writeText(io, `${terminalBlock(draft)}\n`)
    return
  }
  const target = path.resolve(io.cwd, file)
  if (await isThere(target)) {
    throw new AgentEvalError('is there already', 'usage', {
      source: { file },
      hint: 'name a new file, for example evalsets/SET/cases/outcome/incident.yaml',
    })
  }
  await mkdir(path.dirname(target), { recursive: true })
  await writeFile(target, draft)
  writeText(io, `${terminalLine(`wrote ${file}: a draft, which runs and does not gate`)}\n`)
}
