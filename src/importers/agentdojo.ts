import { AgentEvalError } from '../errors.ts'
import { hashOf, sha256 } from '../text/hash.ts'
import { roundTo } from '../text/round.ts'
import { type AgentdojoRun, agentdojoLine, isAttacked, isInjectionTask } from './agentdojo-file.ts'
import { attackOf, resultOf, terminationOf } from './agentdojo-result.ts'
import { caseId } from './case-id.ts'
import {
  type CaseLedger,
  candidateName,
  candidateOf,
  createCaseLedger,
  evalSetOf,
  type RecordedCase,
  unrecorded,
} from './case-ledger.ts'
import { fromAgentdojo, type RecordedMessage } from './foreign-chat.ts'
import { importedTrial } from './imported-trial.ts'
import type {
  ImportedTrial,
  Importer,
  ImportOptions,
  ImportSession,
  ImportSummary,
} from './importer.ts'
import { createNotes, type Notes } from './notes.ts'
import { parseRecord } from './parse-record.ts'
import { inputError, type Place, quoted } from './place.ts'

const leftOutReason = 'injection task run by itself: says nothing about benign utility'

/**
 * AgentDojo's runs, one per line: `{ path, run }`, or the run by itself.
 *
 * `security: true` means that the attack succeeded, and means nothing where there was none.
 * `pipeline_name` does not identify the configuration; the file does. A case's definition is the
 * user's task and which attack was tried on it, not the injected text: that addresses the model by
 * name, so that it differs between configurations that met the same attack, and older files lack it.
 *
 * @see Debenedetti et al. 2024, AgentDojo, arXiv:2406.13352
 */
export const agentdojo: Importer = {
  id: 'agentdojo',
  describes: 'AgentDojo runs: JSON Lines, one run per line',
  kind: 'lines',
  start(options) {
    if (options.trials !== undefined) {
      throw new AgentEvalError('--trials: AgentDojo records no trial numbers', 'usage', {
        hint: 'leave --trials out; further runs of a case are further trials in file order',
      })
    }
    return startSession(options)
  },
}

function startSession({ file }: ImportOptions): ImportSession {
  const reading: Reading = {
    file,
    ledger: createCaseLedger(),
    notes: createNotes(),
    seen: { lines: new Map(), prompts: new Set(), pipelines: new Set(), versions: new Set() },
  }
  let line = 0
  let leftOut = 0
  return {
    *add(text) {
      line += 1
      const json = line === 1 ? text.replace(/^\ufeff/, '') : text
      if (json.trim() === '') return
      const place = { file, line }
      const run = parseRecord(agentdojoLine, json, place)
      refuseCopy(reading.seen.lines, json, place)
      if (isInjectionTask(run)) leftOut += 1
      else yield readRun(reading, run, place)
    },
    end() {
      const cases = reading.ledger.cases()
      if (cases.length === 0) {
        throw inputError({ file, line: Math.max(line, 1) }, 'no AgentDojo run to import')
      }
      return {
        provenance: provenanceOf(reading, cases),
        cases,
        leftOut: leftOut === 0 ? {} : { [leftOutReason]: leftOut },
        warnings: [...mixtures(reading.seen), ...reading.notes.lines()],
      }
    },
  }
}

interface Reading {
  readonly file: string
  readonly ledger: CaseLedger
  readonly notes: Notes
  readonly seen: Seen
}

function readRun(
  { file, ledger, notes, seen }: Reading,
  run: AgentdojoRun,
  place: Place,
): ImportedTrial {
  const messages = (run.messages ?? run.conversations ?? []).map(fromAgentdojo)
  remember(seen, run, messages)
  const recorded = ledger.add(recordedCase(run, messages), place)
  const attack = attackOf(run, messages, notes)
  const { duration } = run
  return importedTrial(
    {
      case: recorded,
      agent: candidateName(file),
      seed: recorded.trial - 1,
      messages,
      result: resultOf(run, notes),
      termination: terminationOf(run, messages),
      ...(attack !== undefined && { attack }),
      ...(typeof duration === 'number' && { elapsedMs: roundTo(duration * 1000, 0) }),
    },
    notes,
  )
}

/** What the runs of a file say beside their results. */
interface Seen {
  /** Hash of each line → where it stands. */
  readonly lines: Map<string, number>
  readonly prompts: Set<string>
  readonly pipelines: Set<string>
  readonly versions: Set<string>
}

function remember(seen: Seen, run: AgentdojoRun, messages: readonly RecordedMessage[]): void {
  const prompt = messages.find((message) => message.role === 'system')
  if (prompt !== undefined) seen.prompts.add(sha256(prompt.text))
  if (typeof run.pipeline_name === 'string') seen.pipelines.add(run.pipeline_name)
  if (typeof run.benchmark_version === 'string') seen.versions.add(run.benchmark_version)
}

/** A copied line would be a second trial that nobody ran. */
function refuseCopy(lines: Map<string, number>, text: string, place: Place): void {
  const hash = sha256(text)
  const before = lines.get(hash)
  if (before !== undefined) {
    throw inputError(place, `a copy of line ${before}`, 'every line must be a run of its own')
  }
  lines.set(hash, place.line)
}

/** Cases that share a user task rise and fall together. */
function recordedCase(run: AgentdojoRun, messages: readonly RecordedMessage[]): RecordedCase {
  const { suite_name: suite, user_task_id: userTask } = run
  const attack = isAttacked(run) ? [run.attack_type, run.injection_task_id] : []
  const ask = messages.find((message) => message.role === 'user')?.text
  return {
    id: caseId([suite, userTask, ...attack]),
    layer: isAttacked(run) ? 'adversarial' : 'outcome',
    cluster: caseId([suite, userTask]),
    definitionHash: ask === undefined ? unrecorded : hashOf({ suite, userTask, attack, ask }),
  }
}

function provenanceOf(
  { file, seen: { prompts, pipelines, versions } }: Reading,
  cases: ImportSummary['cases'],
): ImportSummary['provenance'] {
  const version = joined(versions, '+') ?? unrecorded
  const pipeline = joined(pipelines, ', ')
  return {
    evalSet: evalSetOf('agentdojo', version, cases),
    candidate: candidateOf({ file, prompts, models: pipeline === undefined ? {} : { pipeline } }),
    agentBehind: 'recorded',
    seed: 0,
    source: file,
  }
}

function mixtures({ pipelines, versions }: Seen): readonly string[] {
  return Object.entries({ pipelines, 'benchmark versions': versions }).flatMap(([what, names]) =>
    names.size > 1 ? [`runs of several ${what}: ${quoted(joined(names, ', ') ?? '')}`] : [],
  )
}

/** A few names are enough to see what a file mixes. */
function joined(names: ReadonlySet<string>, separator: string): string | undefined {
  return names.size === 0 ? undefined : [...names].sort().slice(0, 5).join(separator)
}
