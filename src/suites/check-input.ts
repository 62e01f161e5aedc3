import type { WrittenCase } from '../schema/case.ts'
import type { EvalSetFile } from '../schema/evalset.ts'
import type { JsonValue } from '../schema/json.ts'
import { compileSchema, type SchemaCheck } from '../world/json-schema.ts'
import type { Finding, Path } from './problem.ts'

/** What an eval set says of the `input` of its cases. */
export interface InputCheck {
  readonly isDeclared: boolean
  /** Absent where the schema is missing or has a problem of its own. */
  readonly check?: SchemaCheck
  /** About the schema. Paths begin at the document. */
  readonly findings: readonly Finding[]
}

export async function compileInput({ task }: EvalSetFile): Promise<InputCheck> {
  if (task.input === undefined) return { isDeclared: false, findings: [] }
  const compiled = await compileSchema(task.input)
  if (compiled.ok) return { isDeclared: true, check: compiled.value, findings: [] }
  const message = `no valid JSON Schema: ${compiled.error}`
  return { isDeclared: true, findings: [{ path: ['task', 'input'], message }] }
}

/** An input that the eval set does not know, or that does not fit its schema. */
export function checkInput(
  { input }: WrittenCase,
  { isDeclared, check }: InputCheck,
): readonly Finding[] {
  if (input === undefined) return []
  if (!isDeclared) {
    const message = 'the eval set does not say what an input looks like'
    const hint = 'write its JSON Schema into evalset.yaml under `task: { input: … }`'
    return [{ path: ['input'], at: 'key', message, hint }]
  }
  return (check?.(input) ?? []).map((message) => ({
    path: ['input', ...placeOf(message, input)],
    message,
  }))
}

/** Where in a value a message of the validator points: it begins with the way there, `items[0].sku`. */
function placeOf(message: string, value: JsonValue): Path {
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  const steps = Object.keys(value)
    .map((key) => ({ key, text: /^\d+$/.test(key) ? `[${key}]` : key }))
    .filter(({ text }) => message.startsWith(text) && /^[:.[]/.test(message.slice(text.length)))
  const [step] = steps.toSorted((a, b) => b.text.length - a.text.length)
  if (step === undefined) return []
  const rest = message.slice(step.text.length).replace(/^\./, '')
  const member = (value as Readonly<Record<string, JsonValue>>)[step.key] ?? null
  return [isList ? Number(step.key) : step.key, ...placeOf(rest, member)]
}
