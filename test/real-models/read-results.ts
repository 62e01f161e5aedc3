import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type RunResult, runResult } from '../../src/schema/run-result.ts'
import { type EventBody, eventBody } from '../../src/schema/trace.ts'
import { type TrialLine, trialLine } from '../../src/schema/trial.ts'

export const results = 'agent-eval-results'

/** The folder of the only run; with `name`, below an output folder of that name. */
export function runFolder(cwd: string, name = results): string {
  const runs = runsIn(path.join(cwd, name))
  if (runs.length !== 1) throw new Error(`${runs.length} runs in ${name}`)
  return path.join(cwd, name, runs[0] ?? '')
}

export function hasRun(cwd: string): boolean {
  return runsIn(path.join(cwd, results)).length > 0
}

/** What lint remembers lies beside them. */
function runsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((run) => existsSync(path.join(folder, run, 'run.json')))
}

export function readLines(cwd: string, name = results): readonly TrialLine[] {
  return jsonLines(path.join(runFolder(cwd, name), 'trials.jsonl')).map((one) =>
    trialLine.parse(one),
  )
}

/** What of a trial line does not depend on when it was measured, by trial. */
export function settled(lines: readonly TrialLine[]): readonly unknown[] {
  return [...lines]
    .sort((a, b) => a.case.localeCompare(b.case) || a.trial - b.trial)
    .map((line) => without(line, ['elapsedMs']))
}

export function readResult(cwd: string, name = results): RunResult {
  return runResult.parse(JSON.parse(resultBytes(cwd, name)))
}

export function resultBytes(cwd: string, name = results): string {
  return readFileSync(path.join(runFolder(cwd, name), 'result.json'), 'utf8')
}

/** The events of a run, or of one of its trials, such as `refund.one#1`. */
export function readEvents(cwd: string, trial?: string): readonly EventBody[] {
  return jsonLines(path.join(runFolder(cwd), 'events.jsonl')).flatMap((line) => {
    if (line['type'] === 'text' || (trial !== undefined && line['trial'] !== trial)) return []
    const parsed = eventBody.safeParse(without(line, ['run', 'seq', 'tMs', 'trial']))
    return parsed.success ? [parsed.data] : []
  })
}

function without(value: object, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))
}

function jsonLines(file: string): readonly Record<string, unknown>[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** Every file below a folder, with its text. */
export function allFiles(folder: string): readonly (readonly [file: string, text: string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name)
      return [path.relative(folder, file), readFileSync(file, 'latin1')] as const
    })
}
