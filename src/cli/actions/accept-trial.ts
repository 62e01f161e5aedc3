import { readFile, rename, writeFile } from 'node:fs/promises'
import { caseInText, insertKeys, type NewKeys } from '../../authoring/insert-keys.ts'
import { oracleFromTrial } from '../../authoring/oracle-from-trial.ts'
import { AgentEvalError } from '../../errors.ts'
import { viewEvents } from '../../graders/view-events.ts'
import { asJson, type JsonObject, type JsonValue } from '../../schema/json.ts'
import type { TraceEvent } from '../../schema/trace.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { writeText } from '../print/write-text.ts'
import { findCaseFile } from '../run-folder/find-case-file.ts'

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
  if (oracle.length === 0) {
    throw new AgentEvalError(`in ${formatTrialKey(line)} the agent did and said nothing`, 'usage')
  }
  const approved = asJson({ oracle, required })
  refuseRedacted(approved)
  const { file, shown } = await findCaseFile(run, line.case, io.cwd)
  const text = await readFile(file, 'utf8')
  const known = caseInText(text, line.case)
  const added = additionsTo(known ?? {}, approved)
  const edited = insertKeys(text, line.case, added)
  if (!edited.ok || added.length === 0) {
    const why = edited.ok ? 'it is the oracle already, with its effects' : edited.why
    throw new AgentEvalError(`${formatTrialKey(line)} cannot be written there: ${why}`, 'usage', {
      source: { file: shown },
    })
  }
  const half = `${file}.part`
  await writeFile(half, edited.text)
  await rename(half, file)
  const names = added.flatMap(({ keys, path }) =>
    Object.keys(keys).map((key) => [...path, key].join('.')),
  )
  writeText(
    io,
    `${terminalLine(`${shown}: ${names.join(' and ')} added to ${line.case}`)}\n` +
      `${nextSteps(known ?? {}).join('\n')}\n`,
  )
}

/** What the case does not say yet. A second way to do it right is an equivalent of the first. */
function additionsTo(known: JsonObject, { oracle = [], required = [] }: JsonObject): NewKeys[] {
  const additions: NewKeys[] = []
  const isWrite = Array.isArray(required) && required.length > 0
  if (isWrite && !hasEffects(known)) {
    additions.push({ path: ['expect'], keys: { effects: { required } } })
  }
  if (known['oracle'] === undefined) additions.push({ path: [], keys: { oracle } })
  else if (!isSame(known['oracle'], oracle)) {
    additions.push({ path: [], keys: { equivalents: [oracle] }, extends: true })
  }
  return additions
}

function hasEffects({ expect }: JsonObject): boolean {
  return typeof expect === 'object' && expect !== null && Object.hasOwn(expect, 'effects')
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  return canonicalJson(one) === canonicalJson(other)
}

function nextSteps(known: JsonObject): readonly string[] {
  return [
    ...(hasEffects(known) ? ['Its effects were there already and stay as they are.'] : []),
    ...(known['status'] === 'draft' ? ['Take out `status: draft` when it is to gate.'] : []),
    'Next: npx agent-eval lint',
  ]
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
