import { type DriftReport, driftReport } from '../../schema/drift.ts'
import { asJson, type JsonValue } from '../../schema/json.ts'
import { sayInTerminal as say } from '../say.ts'

/** A history with every text of it plain: names of models and candidates are whatever somebody wrote. */
export function plainHistory(report: DriftReport): DriftReport {
  return driftReport.parse(plain(asJson(report)))
}

function plain(value: JsonValue): JsonValue {
  if (typeof value === 'string') return say(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plain(child)]))
}
