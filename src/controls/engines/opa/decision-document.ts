import type { JsonValue } from '../../../schema/json.ts'
import { type Decision, decision as decisions } from '../../../schema/names.ts'
import { type Severity, severity as severities } from '../../../schema/policy.ts'

/** One rule of a decision document. */
interface GivenRule {
  readonly id: string
  readonly decision?: Decision | 'observe'
  readonly reason?: string
  readonly severity?: Severity
}

/**
 * What a policy answers where it says more than true or false. `decision` decides, or `allow`; with
 * both they have to agree. Members with other names are left alone.
 */
export interface DecisionDocument {
  readonly decision?: Decision
  readonly allow?: boolean
  /** The rules that were decisive. Absent: one, called `id` or `rule`. */
  readonly rules?: readonly GivenRule[]
  readonly id?: string
  readonly rule?: string
  readonly reason?: string
  readonly reasons?: readonly string[]
  /** With `modify`: arguments (stage `call`), a result, or a text (`reply`, `log`). */
  readonly modified?: JsonValue
  readonly alert?: boolean
  readonly fallback?: boolean
}

type Members = Readonly<Record<string, unknown>>

interface Form {
  readonly fits: (value: unknown) => boolean
  readonly words: string
}

type Forms = readonly (readonly [name: string, form: Form])[]

const mostRules = 100

const aText: Form = { fits: (value) => typeof value === 'string', words: 'a text' }
const aBoolean: Form = { fits: (value) => typeof value === 'boolean', words: 'true or false' }

const ruleForms: Forms = [
  ['id', aText],
  ['decision', oneOf([...decisions.options, 'observe'])],
  ['reason', aText],
  ['severity', oneOf(severities.options)],
]

const documentForms: Forms = [
  ['decision', oneOf(decisions.options)],
  ['allow', aBoolean],
  ['id', aText],
  ['rule', aText],
  ['reason', aText],
  ['reasons', { fits: (value) => isListOf(value, aText.fits), words: 'a list of texts' }],
  ['rules', { fits: isRules, words: `a list of at most ${mostRules} rules, each with an \`id\`` }],
  ['alert', aBoolean],
  ['fallback', aBoolean],
]

/** Whether each member that means something here has its form; `null` is none of them. */
export function checkDocument(
  document: Members,
):
  | { readonly ok: true; readonly document: DecisionDocument }
  | { readonly ok: false; readonly error: string } {
  const wrong = misfit(document, documentForms)
  if (wrong === undefined) return { ok: true, document }
  return { ok: false, error: `\`${wrong[0]}\` is not ${wrong[1].words}` }
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function misfit(members: Members, forms: Forms): Forms[number] | undefined {
  return forms.find(([name, { fits }]) => members[name] !== undefined && !fits(members[name]))
}

function isRules(value: unknown): boolean {
  return isListOf(value, isRule) && (value as readonly unknown[]).length <= mostRules
}

function isRule(value: unknown): boolean {
  return isObject(value) && value['id'] !== undefined && misfit(value, ruleForms) === undefined
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits)
}

function oneOf(values: readonly string[]): Form {
  const fits = (value: unknown): boolean => typeof value === 'string' && values.includes(value)
  return { fits, words: `one of ${values.join(', ')}` }
}
