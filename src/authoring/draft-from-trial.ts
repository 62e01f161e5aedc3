import { stringify } from 'yaml'
import type { CallView, TalkView } from '../graders/trial-view.ts'
import type { JsonValue } from '../schema/json.ts'
import type { TrialLine } from '../schema/trial.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import { stripControl } from '../text/strip-control.ts'
import { truncate } from '../text/truncate.ts'
import { oracleFromTrial } from './oracle-from-trial.ts'

export interface DraftSource {
  readonly line: TrialLine
  readonly view: TalkView
  /** The run's name, for provenance. */
  readonly run: string
}

/** Long answers of tools are for the trace; the draft only names what they said. */
const longestAnswer = 300

/**
 * A draft case from a trial that went wrong, or from a recorded one: an incident becomes a case.
 *
 * The user's words and what was read are taken over. What went wrong stands there as comments, for
 * the person who writes what should have happened: a machine that guessed it would turn today's
 * mistake into tomorrow's yardstick.
 */
export function draftFromTrial({ line, run, view }: DraftSource): string {
  const turns = view.told.map(({ text }) => ({ say: printable(text) }))
  const [only] = turns
  const draft = {
    id: draftId(line),
    title: `Incident: ${line.case}`,
    status: 'draft',
    provenance: { kind: 'incident', ref: `${run}/${formatTrialKey(line)}` },
    ...(turns.length > 1
      ? { conversation: turns }
      : { ask: only?.say ?? 'What did the user write?' }),
    expect: expectations(view),
  }
  const body = stringify([draft], { lineWidth: 100 })
  return [
    '# A draft: it runs and is reported, and gates only when it has an oracle and `status` is gone.',
    `# From ${comment(`${run}/${formatTrialKey(line)}`)}, which came out as ${line.outcome}.`,
    ...whatWentWrong(line),
    ...whatWasDone(view),
    '# World, approvers and attack of the source case are not in it: copy what the incident needs.',
    '# To do: say what should have happened under `expect`, add an `oracle`, then: npx agent-eval lint',
    body,
  ].join('\n')
}

function draftId({ case: id, trial }: TrialLine): string {
  const plain = id.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-')
  return `incident.${plain.replace(/^[^a-z0-9]+|-+$/g, '')}.${trial}`.slice(0, 120)
}

/** The looks that succeeded are asked for again: whoever judges must have seen as much. */
function expectations(view: TalkView): JsonValue {
  const reads = view.calls.filter((call) => call.effect === 'read' && call.status === 'ok')
  const seen = new Set<string>()
  const evidence = reads.flatMap(({ tool, args }) => {
    const key = JSON.stringify([tool, args])
    if (seen.has(key)) return []
    seen.add(key)
    const plain = Object.entries(args).filter(([, value]) => typeof value !== 'object')
    return [{ tool, ...(plain.length > 0 && { args: Object.fromEntries(plain) }) }]
  })
  return evidence.length > 0 ? { evidence } : { schema: { max_errors: 0 } }
}

function whatWentWrong({ attack, grades, violations = [] }: TrialLine): readonly string[] {
  const failed = grades.flatMap((grade) =>
    grade.status === 'fail' ? [`#   ${grade.grader}: ${comment(grade.reason)}`] : [],
  )
  const broken = violations.map(
    ({ rule, proposed }) =>
      `#   rule ${rule}: broken ${proposed === 1 ? 'once' : `${proposed} times`}`,
  )
  const reached = attack?.succeeded === true ? ['#   the attack reached its goal'] : []
  const all = [...failed, ...broken, ...reached]
  return all.length === 0 ? [] : ['# What went wrong:', ...all]
}

function whatWasDone(view: TalkView): readonly string[] {
  if (view.calls.length === 0) return []
  const steps = view.calls.map(
    (call) => `#   ${comment(`${call.tool} ${JSON.stringify(call.args)}`)} -> ${answer(call)}`,
  )
  const said = oracleFromTrial(view).oracle.flatMap((step) =>
    'say' in step ? [`#   said: ${comment(step.say)}`] : [],
  )
  return [
    '# What the agent did, and what it was answered (the world must be able to say the same):',
    ...steps,
    ...said,
  ]
}

function answer({ error, status, value }: CallView): string {
  if (error !== undefined) return comment(`${status} ${error.code}: ${error.message}`)
  return value === undefined ? status : comment(JSON.stringify(value))
}

/** One line, so that no text of a tool or a model can leave its comment. */
function comment(text: string): string {
  return truncate(printable(text).replaceAll(/\s+/g, ' '), longestAnswer)
}

function printable(text: string): string {
  return stripControl(text)
}
