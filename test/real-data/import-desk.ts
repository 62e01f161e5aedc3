import { rmSync } from 'node:fs'
import path from 'node:path'
import { linesOf } from '../../src/cli/run-folder/run-folder.ts'
import {
  type Comparison,
  comparison,
  type RunResult,
  runResult,
} from '../../src/schema/run-result.ts'
import { type TrialLine, trialLine } from '../../src/schema/trial.ts'
import { folderWith, runCli } from '../cli/run-cli.ts'
import { dataPath } from './data-folder.ts'
import type { Recording } from './recordings.ts'

export type Compared = Comparison & { readonly exitCode: number }

/** Recordings imported and compared by the real command line, each once, in a folder of its own. */
export interface ImportDesk {
  readonly imported: (recording: Recording) => Promise<RunResult>
  readonly trials: (recording: Recording) => Promise<readonly TrialLine[]>
  readonly compared: (base: Recording, candidate: Recording) => Promise<Compared>
  /** Removes the folder. */
  readonly close: () => void
}

export function openImportDesk(): ImportDesk {
  let folder: string | undefined
  const cwd = (): string => (folder ??= folderWith())
  const runs = new Map<Recording, Promise<RunResult>>()
  const pairs = new Map<string, Promise<Compared>>()

  const imported = (recording: Recording): Promise<RunResult> => {
    const known = runs.get(recording) ?? importRun(recording, cwd())
    runs.set(recording, known)
    return known
  }
  return {
    imported,
    async trials(recording) {
      await imported(recording)
      const file = path.join(cwd(), 'agent-eval-results', recording.name, 'trials.jsonl')
      const trials: TrialLine[] = []
      for await (const line of linesOf(file)) trials.push(trialLine.parse(JSON.parse(line)))
      return trials
    },
    async compared(base, candidate) {
      await imported(base)
      await imported(candidate)
      const key = `${base.name} → ${candidate.name}`
      const known = pairs.get(key) ?? compareRuns(base, candidate, cwd())
      pairs.set(key, known)
      return known
    },
    close() {
      if (folder !== undefined) rmSync(folder, { recursive: true })
    },
  }
}

async function importRun({ format, file, name }: Recording, cwd: string): Promise<RunResult> {
  const argv = ['import', format, dataPath(file), '--name', name, '--json']
  const { exitCode, stderr, stdout } = await runCli(argv, { cwd })
  if (exitCode !== 0) throw new Error(stderr)
  return runResult.parse(JSON.parse(stdout))
}

async function compareRuns(base: Recording, candidate: Recording, cwd: string): Promise<Compared> {
  // By name or by path: both find a run of the usual folder.
  const arms = [base.name, `agent-eval-results/${candidate.name}`]
  const { exitCode, stderr, stdout } = await runCli(['compare', ...arms, '--json'], { cwd })
  if (stdout === '') throw new Error(stderr)
  return { ...comparison.parse(JSON.parse(stdout)), exitCode }
}
