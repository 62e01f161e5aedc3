import { readFile, rename, writeFile } from 'node:fs/promises'
import { insertKeys, type NewKeys } from '../../authoring/insert-keys.ts'
import { oracleFromTrial } from '../../authoring/oracle-from-trial.ts'
import { AgentEvalError } from '../../errors.ts'
import { viewEvents } from '../../graders/trial-view.ts'
import { asJson, type JsonValue } from '../../schema/json.ts'
import type { TraceEvent } from '../../schema/trace.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { findCaseFile } from '../find-case-file.ts'
import type { Io } from '../io.ts'

/** A trial of a run on disk. */
export interface ShownTrial {
  readonly run: string
  readonly line: TrialLine
  readonly events: readonly TraceEvent[]
}

/**
 * `show RUN/case#n --accept`: a person has looked at this trial and calls it right. Its steps become
 * the oracle of the case, or one more equivalent where it has an oracle; its writes become the
 * required effects where the case names none.
 */
export async function acceptTrial({ events, line, run }: ShownTrial, io: Io): Promise<void> {
  refuseUnfit(line)
  const { oracle, required } = oracleFromTrial(viewEvents(events))
  const { file, shown } = await findCaseFile(run, line.case, io.cwd)
  const text = await readFile(file, 'utf8')
  const steps = asJson({ oracle })['oracle'] ?? []
  refuseRedacted(steps)
  const effects = required.length === 0 ? undefined : asJson({ required })
  const edited = firstThatFits(text, line.case, [
    [...effectsOf(effects), { path: [], keys: { oracle: steps } }],
    [{ path: [], keys: { oracle: steps } }],
    [{ path: [], keys: { equivalents: [steps] }, extends: true }],
  ])
  if (typeof edited === 'string') {
    throw new AgentEvalError(
      `${formatTrialKey(line)} cannot be written there: ${edited}`,
      'usage',
      {
        source: { file: shown },
      },
    )
  }
  const half = `${file}.part`
  await writeFile(half, edited.text)
  await rename(half, file)
  const added = edited.added.flatMap((one) =>
    Object.keys(one.keys).map((key) => [...one.path, key].join('.')),
  )
  io.stdout.write(
    `${terminalLine(`${shown}: ${added.join(' and ')} added to ${line.case}`)}\n` +
      'Next: agent-eval lint\n',
  )
}

function effectsOf(effects: JsonValue | undefined): readonly NewKeys[] {
  return effects === undefined ? [] : [{ path: ['expect'], keys: { effects } }]
}

function firstThatFits(
  text: string,
  id: string,
  choices: readonly (readonly NewKeys[])[],
): { readonly text: string; readonly added: readonly NewKeys[] } | string {
  let why = ''
  for (const added of choices) {
    const edited = insertKeys(text, id, added)
    if (edited.ok) return { text: edited.text, added }
    why = edited.why
  }
  return why
}

function refuseUnfit(line: TrialLine): void {
  const key = formatTrialKey(line)
  if (line.twinOf !== undefined) {
    throw new AgentEvalError(`${key} is a benign twin; accept a trial of ${line.twinOf}`, 'usage')
  }
  if (line.case.endsWith(']')) {
    throw new AgentEvalError(`${key} comes from a foreach template`, 'usage', {
      hint: 'one row cannot speak for all: write the oracle of the template by hand',
    })
  }
  if (line.attack?.succeeded === true) {
    throw new AgentEvalError(`in ${key} the attack reached its goal`, 'usage', {
      hint: 'a hijacked trial is no reference solution',
    })
  }
  if (line.outcome === 'pass' || line.outcome === 'fail') return
  throw new AgentEvalError(`${key} is ${line.outcome}: it shows nothing about the agent`, 'usage')
}

/** What stands in a trace as a marker is not what the agent sent. */
function refuseRedacted(oracle: JsonValue): void {
  const marker = /\[redacted:[a-z-]+\]/.exec(JSON.stringify(oracle))
  if (marker === null) return
  throw new AgentEvalError(`the trial holds ${marker[0]} where the agent sent a secret`, 'usage', {
    hint: 'write the oracle by hand, with a value of the simulated world',
  })
}
