import { compilePattern } from '../expr/pattern.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import { remember } from '../text/remember.ts'
import { isList, isObject, scalarsIn } from './json-walk.ts'
import { withLeaf } from './leaves.ts'

/** Texts that a made-up argument may be, the likeliest first. */
export interface Reach {
  /** What the task is about: values of its calls and answers. */
  readonly near: readonly string[]
  /** Ids of the world. */
  readonly ids: readonly string[]
}

/** What arguments break of the tool's schema; nothing when they fit. */
type Check = (args: JsonObject) => readonly string[]

const sentence = 'as the customer asked for in this conversation'
const fillers = [
  'other',
  'note',
  'a@example.com',
  '2026-01-01',
  'https://example.com/',
  '1',
  '0000',
]

/** A schema nests as deep as this, or nobody makes up what fits it. */
const maxDepth = 4

/**
 * Arguments that a tool takes, made up from its schema: what it requires, each with the first value
 * that fits. `undefined` where none is found.
 */
export function synthesiseArguments(
  schema: JsonObject,
  reach: Reach,
  check: Check,
): JsonObject | undefined {
  const fitting = (args: JsonObject | undefined): JsonObject | undefined =>
    args !== undefined && check(args).length === 0 ? args : undefined
  // The likeliest of each often fit together, which takes one check instead of one a value.
  const likeliest = fill({}, [], { schema, reach, check: () => [] })
  return fitting(likeliest) ?? fitting(fill({}, [], { schema, reach, check }))
}

interface Wanted {
  readonly schema: JsonObject
  readonly reach: Reach
  readonly check: Check
}

/** Adds what the schema of the object at `path` requires. */
function fill(args: JsonObject, path: readonly string[], wanted: Wanted): JsonObject | undefined {
  if (path.length > maxDepth) return undefined
  const { properties, required } = wanted.schema
  const names = required !== undefined && isList(required) ? required.map(String) : []
  let filled: JsonObject | undefined = args
  for (const name of names) {
    const schema = isObject(properties) && isObject(properties[name]) ? properties[name] : {}
    if (filled !== undefined) filled = fillOne(filled, [...path, name], { ...wanted, schema })
  }
  return filled
}

function fillOne(
  args: JsonObject,
  path: readonly string[],
  wanted: Wanted,
): JsonObject | undefined {
  if (wanted.schema['type'] === 'object') return fill(withLeaf(args, path, {}), path, wanted)
  const place = path.join('.')
  const isFine = (errors: readonly string[]): boolean =>
    !errors.some((error) => error.startsWith(`${place}:`) || error.startsWith(`${place}[`))
  for (const value of valuesFor(place, wanted)) {
    const filled = withLeaf(args, path, value)
    if (isFine(wanted.check(filled))) return filled
  }
  return undefined
}

/** One at a time: the first that fits is mostly among the first. */
function* valuesFor(place: string, { schema, reach }: Wanted): Generator<JsonValue> {
  const { const: only, enum: listed, type } = schema
  if (listed !== undefined && isList(listed)) yield* listed
  else if (only !== undefined) yield only
  else if (type === 'boolean') yield true
  else if (type === 'integer' || type === 'number') yield* numbersFor(place, reach)
  else if (type === 'array') {
    yield []
    for (const text of textsFor(place, schema, reach)) yield [text]
  } else yield* textsFor(place, schema, reach)
}

/** Ids first, where a number is one. */
function numbersFor(place: string, { ids, near }: Reach): readonly number[] {
  const known = isName(place) ? [...near, ...ids].filter((text) => /^\d{1,15}$/.test(text)) : []
  return [...known.map(Number), 1, 5, 10, 100, 0]
}

/** Whether an argument names something, by its own name. */
function isName(place: string): boolean {
  return /(?:^|[._])(?:id|key|sku|number|code)$/i.test(place)
}

/** A pattern is asked before the tool's own check, which takes far longer to say no. */
function* textsFor(
  place: string,
  { pattern }: JsonObject,
  { ids, near }: Reach,
): Generator<string> {
  const compiled = typeof pattern === 'string' ? patternOf(pattern) : undefined
  for (const texts of isName(place) ? [near, ids, fillers] : [[sentence], fillers, near, ids]) {
    for (const text of texts) if (compiled?.ok !== true || compiled.pattern.test(text)) yield text
  }
}

/** The patterns of a world's tools, which every case of its set asks for again. */
const patternOf = remember(compilePattern, 500)

/** Every short text in some values, each once. */
export function textsIn(values: readonly JsonValue[]): readonly string[] {
  const texts = new Set<string>()
  for (const whole of values) {
    for (const { value } of scalarsIn(whole)) {
      if (typeof value === 'string' && value.length <= 80) texts.add(value)
    }
  }
  return [...texts]
}
