import type { JsonValue } from '../schema/json.ts'
import { appendText } from './append-text.ts'
import { indexOf, parsePointer } from './pointer.ts'

/** A text of the attacker that comes with what a tool answers. */
export interface AnswerInjection {
  readonly tool: string
  /** A JSON pointer into the answer; without it the answer itself is the text. */
  readonly field?: string | undefined
  readonly text: string
}

/**
 * Appends an attacker's text to one of an answer's. Where there is no text at its place the answer
 * stays as it is, and the attack was not delivered. The answer that comes in is never changed.
 */
export function poisonAnswer(answer: JsonValue, { field = '', text }: AnswerInjection): JsonValue {
  return appendAt(answer, parsePointer(field), text)
}

function appendAt(value: JsonValue, steps: readonly string[], text: string): JsonValue {
  const [step, ...rest] = steps
  if (step === undefined) return typeof value === 'string' ? appendText(value, text) : value
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) {
    const place = indexOf(step)
    return value.map((item, index) => (index === place ? appendAt(item, rest, text) : item))
  }
  const member = Object.hasOwn(value, step) ? value[step] : undefined
  return member === undefined ? value : { ...value, [step]: appendAt(member, rest, text) }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
