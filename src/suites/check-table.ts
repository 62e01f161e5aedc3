import { z } from 'zod'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import { id } from '../schema/names.ts'
import { describeValue, quote, unknownName } from './describe.ts'
import { limits } from './limits.ts'
import type { Placeholder } from './placeholders.ts'
import type { Finding } from './problem.ts'
import { checkSchema } from './schema-findings.ts'

/** The id of a template has no row yet. */
const named = z.looseObject({ id })

/** The rows of a table by key, in the order of the document. */
export type Rows = readonly (readonly [string, JsonObject])[]

/** It becomes part of the ids of cases. */
export const rowKeyPattern = '^[A-Za-z0-9._-]+$'
const rowKey = new RegExp(rowKeyPattern)

/** The rows of a `foreach` that {@link checkTable} found nothing wrong with. */
export function rowsOf({ foreach }: JsonObject): Rows {
  return Object.entries(foreach as Readonly<Record<string, JsonObject>>)
}

export function isMapping(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * What is wrong with a `foreach` and with the placeholders that it is to fill: nothing is left
 * empty, and nothing that somebody wrote is left out. Paths begin at the template.
 *
 * @param places - the placeholders of the template without its `foreach` and id
 */
export function checkTable(
  template: JsonObject,
  places: readonly Placeholder[],
): readonly Finding[] {
  const { foreach: table } = template
  const checkedId = checkSchema(named, template)
  const ofId = checkedId.ok ? [] : checkedId.findings
  const ofRows = isMapping(table)
    ? checkRows(table)
    : [foreachFinding(`expected a mapping of rows by key, found ${describeValue(table)}`)]
  if (ofId.length + ofRows.length > 0) return [...ofId, ...ofRows]

  const rows = rowsOf(template)
  const known = new Set(['key', ...rows.flatMap(([, row]) => Object.keys(row))])
  const unknown = checkNames(places, known)
  // A misspelt placeholder is told once, not again for every row that it leaves unused.
  if (unknown.length > 0) return unknown
  const used = new Set(places.map(({ name }) => name))
  return [...checkTexts(places, rows), ...checkUse(rows, used), ...checkGaps(rows, used)]
}

function foreachFinding(message: string): Finding {
  return { path: ['foreach'], message }
}

function checkRows(table: JsonObject): readonly Finding[] {
  const keys = Object.keys(table)
  if (keys.length === 0) return [foreachFinding('needs at least 1 row')]
  if (keys.length > limits.rows) {
    return [foreachFinding(`has ${keys.length} rows, at most ${limits.rows}`)]
  }
  return keys.flatMap((key): readonly Finding[] => {
    const path = ['foreach', key]
    const row = table[key]
    if (!rowKey.test(key)) {
      const message = `${quote(key)} is not allowed; use letters, digits, dots, dashes and underscores`
      return [{ path, at: 'key', message }]
    }
    if (!isMapping(row)) {
      return [
        { path, message: `expected a mapping of names to values, found ${describeValue(row)}` },
      ]
    }
    if (!Object.hasOwn(row, 'key')) return []
    const message = '{{key}} is the key of the row; use another name'
    return [{ path: [...path, 'key'], at: 'key', message }]
  })
}

/** Placeholders that no row knows. */
function checkNames(
  places: readonly Placeholder[],
  known: ReadonlySet<string>,
): readonly Finding[] {
  return places
    .filter(({ name }) => !known.has(name))
    .slice(0, limits.faults)
    .map(({ name, path, offset }) => ({
      path,
      offset,
      message: unknownName('placeholder', name, known),
    }))
}

/** Values that have no form inside a longer text, told where the first such text is. */
function checkTexts(places: readonly Placeholder[], rows: Rows): readonly Finding[] {
  const inTexts = new Map<string, Placeholder>()
  for (const place of places) {
    if (!place.whole && !inTexts.has(place.name)) inTexts.set(place.name, place)
  }
  return rows.flatMap(([row, values]) =>
    Object.entries(values).flatMap(([name, value]): readonly Finding[] => {
      const place = inTexts.get(name)
      if (place === undefined || isWord(value)) return []
      const message = `{{${name}}} is ${describeValue(value)}; inside a longer text only a text, a number, true or false can stand`
      return [{ path: place.path, offset: place.offset, message, row }]
    }),
  )
}

function isWord(value: JsonValue): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** What rows have and no placeholder uses. */
function checkUse(rows: Rows, used: ReadonlySet<string>): readonly Finding[] {
  return rows.flatMap(([row, values]) =>
    Object.keys(values)
      .filter((name) => !used.has(name))
      .slice(0, limits.faults)
      .map((name): Finding => {
        const message = `no placeholder of the template uses ${quote(name)}`
        return { path: ['foreach', row, name], at: 'key', message }
      }),
  )
}

/** Placeholders that other rows fill and this one does not. */
function checkGaps(rows: Rows, used: ReadonlySet<string>): readonly Finding[] {
  const names = [...used].filter((name) => name !== 'key')
  const findings: Finding[] = []
  for (const [row, values] of rows) {
    for (const name of names) {
      if (findings.length >= limits.faults) return findings
      if (Object.hasOwn(values, name)) continue
      const message = `row ${quote(row)} has no ${quote(name)}, which the template uses`
      findings.push({ path: ['foreach', row], at: 'key', message })
    }
  }
  return findings
}
