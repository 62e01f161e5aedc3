import type { JsonValue } from '../../schema/json.ts'
import { asJson } from '../../schema/json.ts'
import type { PageTone } from '../../schema/page-data.ts'
import type { EventOf, StateChange } from '../../schema/trace.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { duration, listed, plural } from '../format.ts'
import { actionFacts, controlName, outcomeTones, ruleText } from '../policy/words.ts'
import { sayInTerminal as say } from '../say.ts'
import type { StepDraft } from './step-draft.ts'

/** Changes that a title names one by one. */
const namedChanges = 3

/** What the agent proposed to do, and why it says so. */
export function callSteps(event: EventOf<'tool.proposed'>): readonly StepDraft[] {
  const { args, fallback, rawArgs, reason, schemaErrors, tool } = event
  const by = fallback === true ? ' by the fallback' : ''
  return [
    {
      kind: 'call',
      title: `${say(tool)} (${actionFacts(event, say)})${by}`,
      words: schemaErrors.length === 0 ? undefined : `schema: ${schemaErrors.join('\nschema: ')}`,
      data: rawArgs ?? args,
      because: reason === undefined ? undefined : say(reason),
      tone: schemaErrors.length === 0 ? undefined : 'warn',
      same: [tool, rawArgs ?? args],
    },
  ]
}

/** What a control said of it, rule by rule. */
export function controlSteps(event: EventOf<'policy.decision'>): readonly StepDraft[] {
  const { alert, decision, enforced, fallback, modified, rules, source } = event
  const decidingFirst = rules.toSorted(
    (a, b) => Number(b.decision === decision) - Number(a.decision === decision),
  )
  const isError = rules.some(({ error }) => error !== undefined)
  const notes = [
    ...(enforced ? [] : [source === 'judging' ? 'it judges and never stops' : 'recorded only']),
    ...(alert === true ? ['raises an alert'] : []),
    ...(fallback === true ? ['the fallback takes over'] : []),
    ...(modified === undefined ? [] : ['passes in another form']),
  ]
  const aside = notes.length === 0 ? '' : ` (${notes.join('; ')})`
  return [
    {
      kind: 'control',
      title: `${decision} by ${controlName(event)}${aside}`,
      words: rules.length === 0 ? undefined : decidingFirst.map(rule).join('\n'),
      data: modified,
      tone: toneOf(isError ? 'error' : decision),
      same: [source, decision, enforced, rules.map(({ decision: own, id }) => [id, own])],
    },
  ]

  function rule(one: (typeof rules)[number]): string {
    return ruleText(one, decision, say)
  }
}

function toneOf(outcome: keyof typeof outcomeTones): PageTone | undefined {
  const tone = outcomeTones[outcome]
  return tone === 'bold' ? undefined : tone
}

/** What came of it: the answer, and what changed in the world. */
export function resultSteps(event: EventOf<'tool.result'>): readonly StepDraft[] {
  const { changes, error, executed, status, tool, value } = event
  const why = error === undefined ? '' : `: ${say(error.code)}`
  const answer: StepDraft = {
    kind: 'result',
    title: `${status} from ${say(tool)}${why} (${resultNotes(event).join('; ')})`,
    words: error?.message,
    data: value,
    tone: status === 'ok' ? 'good' : 'warn',
    same: withoutTimes([tool, status, executed, error?.code ?? '', value ?? '']),
  }
  return changes.length === 0 ? [answer] : [answer, changeStep(changes)]
}

function resultNotes(event: EventOf<'tool.result'>): readonly string[] {
  const { executed, latencyMs, origin, repeated, status } = event
  return [
    ...(executed && status !== 'ok' ? ['it ran all the same'] : []),
    ...(repeated === true ? ['same idempotency key: the earlier result, no second effect'] : []),
    ...(origin === 'recorded' ? ['recorded'] : []),
    duration(latencyMs),
  ]
}

const isoTime = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?/g

/** The world's clock goes on while models think, so equal answers carry other times. */
function withoutTimes(value: JsonValue): string {
  return canonicalJson(value).replaceAll(isoTime, 'time')
}

/** As JSON Patch with the value that was replaced: what an auditor would apply or take back. */
function changeStep(changes: readonly StateChange[]): StepDraft {
  const patch = changes.map((change): JsonValue => asJson(change))
  const names = changes.map(({ op, path }) => `${op} ${say(path)}`)
  const many = changes.length === 1 ? '' : `${plural(changes.length, 'change')}: `
  const title = `${many}${listed(names, namedChanges)}`
  return { kind: 'change', title, data: patch, tone: 'warn', same: withoutTimes(patch) }
}
