import type { JsonObject, JsonValue } from '../schema/json.ts'
import { checkTable, isMapping, type Rows, rowsOf } from './check-table.ts'
import { limits } from './limits.ts'
import { fillPlaceholders, findPlaceholders, type Placeholder } from './placeholders.ts'
import type { Finding } from './problem.ts'

/** A case that a template makes of one row, not yet checked. */
export interface ExpandedRow {
  readonly key: string
  readonly value: JsonObject
}

export type Expansion =
  | { readonly ok: true; readonly rows: readonly ExpandedRow[] }
  | { readonly ok: false; readonly findings: readonly Finding[] }

/** What the templates of an eval set may still expand to; see `limits.expanded`. */
export interface ExpansionBudget {
  left: number
}

export function expansionBudget(): ExpansionBudget {
  return { left: limits.expanded }
}

/** Whether this is a case that stands for several. */
export function isTemplate(value: unknown): value is JsonObject {
  return isMapping(value) && Object.hasOwn(value, 'foreach')
}

/**
 * Makes a case of each row of a template's `foreach`: `{{name}}` in its texts is replaced by what
 * the row has under that name, `{{key}}` by the row's key. The id becomes `template[key]`, and the
 * cluster the template's id unless it says another. Data only: nothing is evaluated, and what was
 * inserted is not expanded again.
 *
 * @param budget - is charged before anything is made, so that a small file cannot stand for
 *   gigabytes
 * @returns all that is wrong with the table and the placeholders where anything is
 */
export function expandTemplate(template: JsonObject, budget: ExpansionBudget): Expansion {
  const body = bodyOf(template)
  const places = findPlaceholders(body)
  const findings = checkTable(template, places)
  if (findings.length > 0) return { ok: false, findings: findings.slice(0, limits.faults) }

  const rows = rowsOf(template)
  budget.left -= expandedSize(body, places, rows)
  if (budget.left < 0) {
    const message = `the templates of this eval set expand to more than ${limits.expanded} characters and values`
    return { ok: false, findings: [{ path: ['foreach'], at: 'key', message }] }
  }
  const name = template['id'] as string
  return {
    ok: true,
    rows: rows.map(([key, row]) => {
      const values = new Map([...Object.entries(row), ['key', key] as const])
      const filled = fillPlaceholders(body, values) as JsonObject
      return { key, value: { id: `${name}[${key}]`, cluster: name, ...filled } }
    }),
  }
}

/** What a template says of each of its cases. */
function bodyOf(template: JsonObject): JsonObject {
  const ownKeys = ['foreach', 'id']
  return Object.fromEntries(Object.entries(template).filter(([key]) => !ownKeys.includes(key)))
}

/** What all cases of a template come to, without making them. */
function expandedSize(body: JsonObject, places: readonly Placeholder[], rows: Rows): number {
  const uses = new Map<string, number>()
  for (const { name } of places) uses.set(name, (uses.get(name) ?? 0) + 1)
  const inserted = rows.flatMap(([, row]) =>
    Object.entries(row).map(([name, value]) => (uses.get(name) ?? 0) * sizeOf(value)),
  )
  return rows.length * sizeOf(body) + inserted.reduce((sum, size) => sum + size, 0)
}

function sizeOf(value: JsonValue): number {
  if (typeof value === 'string') return 1 + value.length
  if (typeof value !== 'object' || value === null) return 1
  return Object.entries<JsonValue>(value).reduce(
    (sum, [key, member]) => sum + key.length + sizeOf(member),
    1,
  )
}
