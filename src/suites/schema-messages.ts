import { z } from 'zod'
import { didYouMean } from '../text/did-you-mean.ts'
import { anyOf, describeValue, quote, unknownName } from './describe.ts'
import { limits } from './limits.ts'

type RawIssue = z.core.$ZodRawIssue
type Code = NonNullable<RawIssue['code']>
type Messages = { readonly [C in Code]?: (issue: Extract<RawIssue, { code: C }>) => string }

/**
 * What a schema says of a value that it refuses, in our words; messages that a schema brings
 * itself come first.
 *
 * Where a value is missing, only what was expected. For unknown keys, a line for each of the first. For a
 * union '', to tell "no message of its own".
 */
export function schemaMessage(issue: RawIssue): string | undefined {
  const message = messages[issue.code] as ((issue: RawIssue) => string) | undefined
  return message?.(issue)
}

/** A type of a schema in words. */
export function typeName(type: string): string {
  return typeNames[type] ?? type
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

const formats: Readonly<Record<string, string>> = {
  datetime: 'write a date and time such as 2026-01-31T09:00:00Z',
  date: 'write a date such as 2026-12-31',
  starts_with: 'it must start with "/"',
}

const messages: Messages = {
  invalid_type({ expected, input }) {
    const wanted = `expected ${typeName(expected)}`
    if (input === undefined) return wanted
    const isWord = typeof input === 'number' || typeof input === 'boolean'
    const quotes = expected === 'string' && isWord ? '; put it in quotes' : ''
    return `${wanted}, found ${describeValue(input)}${quotes}`
  },
  invalid_value: ({ values, input }) => notAmong(values.map(String), input),
  unrecognized_keys({ keys, inst }) {
    const known = keysOf(inst)
    return keys
      .slice(0, limits.faults)
      .map((key) => unknownName('key', key, known))
      .join('\n')
  },
  too_small({ origin, minimum, inclusive }) {
    if (origin === 'string') return 'must not be empty'
    if (origin === 'array')
      return `needs at least ${minimum} ${minimum === 1 ? 'entry' : 'entries'}`
    return `must be ${inclusive === false ? 'greater than' : 'at least'} ${minimum}`
  },
  too_big({ origin, maximum, inclusive }) {
    if (origin === 'string') return `must have at most ${maximum} characters`
    return `must be ${inclusive === false ? 'less than' : 'at most'} ${maximum}`
  },
  invalid_format: ({ format }) => formats[format] ?? `it is no valid ${format}`,
  invalid_union(issue) {
    // Without errors the key that decides between the branches has a value that none has.
    if (issue.errors.length > 0) return ''
    const { options, discriminator, input } = issue as {
      readonly options?: readonly unknown[]
      readonly discriminator?: string
      readonly input?: unknown
    }
    const holder = input as Readonly<Record<string, unknown>>
    return notAmong((options ?? []).map(String), holder[discriminator ?? ''])
  },
}

function notAmong(values: readonly string[], input: unknown): string {
  if (input === undefined) return `expected ${anyOf(values)}`
  const found = `expected ${anyOf(values)}, found ${describeValue(input)}`
  const guess =
    typeof input === 'string' && values.length > 1 ? didYouMean(input, values) : undefined
  return guess === undefined ? found : `${found}; did you mean ${quote(guess)}?`
}

function keysOf(schema: RawIssue['inst']): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}
