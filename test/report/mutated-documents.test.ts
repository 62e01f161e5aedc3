import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jobSummary } from '../../src/report/markdown/job-summary.ts'
import { reporters } from '../../src/report/registry.ts'
import type { ReportInput } from '../../src/report/reporter.ts'
import { runResult } from '../../src/schema/run-result.ts'
import { all } from './examples.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type Path = readonly (string | number)[]

/** What a schema lets through that nobody has in mind. */
const oddValues: readonly Json[] = [
  ...[0, 1, -1, 2, 3, 0.5, 1e-300, 5e-324, 1e21, 1e300, Number.MAX_SAFE_INTEGER, -1e21],
  ...['', ' ', '\n', '__proto__', 'constructor', 'toString', '\u0000\u202e', '🙈'.repeat(9)],
  ...[
    '|`*_~[]()<>&"\'#@{}$%\\',
    'x'.repeat(5_000),
    '2026-01-01',
    'sha256:',
    '../..',
    'a#1@observe',
  ],
  ...[[], {}, null, true, false],
]

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** Every place in a document. */
function pathsIn(value: Json, path: Path = []): readonly Path[] {
  if (value === null || typeof value !== 'object') return [path]
  const below = Object.entries(value).flatMap(([key, one]) => pathsIn(one, [...path, key]))
  return [path, ...below]
}

/** The document with one place of it changed; `undefined` takes it out. */
function changed(value: Json, [key, ...rest]: Path, by: (old: Json) => Json | undefined): Json {
  if (key === undefined) return by(value) ?? null
  const copy = structuredClone(value) as Record<string, Json>
  const below = copy[key] ?? null
  const next = rest.length === 0 ? by(below) : changed(below, rest, by)
  if (next !== undefined) copy[key] = next
  else if (Array.isArray(copy)) copy.splice(Number(key), 1)
  else Reflect.deleteProperty(copy, key)
  return copy
}

const anyEdit = fc.tuple(
  fc.nat(),
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...oddValues).map((value) => () => value) },
    { weight: 1, arbitrary: fc.constant(() => undefined) },
    {
      weight: 1,
      arbitrary: fc.constant((old: Json) => (isList(old) ? [...old, ...old] : old)),
    },
  ),
)

/** Documents that the schema accepts, each a few edits away from one of ours. */
function mutated(
  document: Json,
  edits: readonly (readonly [number, (old: Json) => Json | undefined])[],
): unknown {
  let found = document
  for (const [at, by] of edits) {
    const paths = pathsIn(found)
    const next = changed(found, paths[at % paths.length] ?? [], by)
    if (runResult.safeParse(next).success) found = next
  }
  return found
}

const notForPeople = /\bNaN\b|\bundefined\b|\[object |\bInfinity\b/

/** Programs of the page speak of what is not there. */
function words(text: string): string {
  return text.replaceAll(/<script>[\s\S]*?<\/script>/g, '')
}

function rendered(
  { context }: ReportInput,
  document: unknown,
): readonly (readonly [string, string])[] {
  const input = { context, result: runResult.parse(document) }
  return [
    ...[...reporters].map(
      ([id, reporter]) => [id, reporter.render(input, { colour: false })] as const,
    ),
    ['job summary', jobSummary(input)],
  ]
}

describe('a document that the schema accepts and nobody thought of', () => {
  it.each(
    Object.entries(all).flatMap(([name, input]) =>
      input.result.kind === 'RunResult' ? [[name, input] as const] : [],
    ),
  )('is shown in every format: %s', (_, input) => {
    const document = JSON.parse(JSON.stringify(input.result)) as Json
    fc.assert(
      fc.property(fc.array(anyEdit, { minLength: 1, maxLength: 8 }), (edits) => {
        for (const [format, text] of rendered(input, mutated(document, edits))) {
          expect(`${format}: ${notForPeople.exec(words(text))?.[0] ?? 'nothing'}`).toBe(
            `${format}: nothing`,
          )
        }
      }),
      { numRuns: 60 },
    )
  })
})
