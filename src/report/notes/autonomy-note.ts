import type { Provenance } from '../../schema/run-manifest.ts'
import type { Verdict } from '../../schema/verdict.ts'
import type { AutonomyCheck } from '../../schema/verdict-findings.ts'
import { duration, percent, whole } from '../format.ts'

/**
 * Which risk tier the evidence supports, and what is missing for the next. What the reference provider
 * earns says nothing about an agent; it is said only where it decides.
 */
export function autonomyNote(
  { autonomy }: Verdict,
  behind: Provenance['agentBehind'],
): readonly string[] {
  if (autonomy === undefined) return []
  const { earned, required, tiers } = autonomy
  if (behind === 'reference' && required === undefined) return []
  const next = tiers.find(({ checks }) => checks.some(({ status }) => status !== 'met'))
  const reached = earned === undefined ? 'no tier yet' : `up to tier ${earned}`
  const asked = required === undefined ? '' : ` (tier ${required} is required)`
  if (next === undefined) return [`autonomy earned: ${reached}${asked}`]
  const open = next.checks.filter(({ status }) => status !== 'met').map(missingWords)
  return [`autonomy earned: ${reached}${asked}; for tier ${next.tier}: ${open.join(', ')}`]
}

function missingWords({ id, limit, n, status, trialsNeeded, value }: AutonomyCheck): string {
  const words = {
    tsr: { name: 'tasks done', text: percent(value), limit: `at least ${percent(limit)}` },
    violations: { name: 'rules broken', text: percent(value), limit: `at most ${percent(limit)}` },
    p95: { name: 'p95', text: duration(value), limit: `at most ${duration(limit)}` },
  }[id]
  if (status === 'unknown') return `${words.name} not measured`
  if (status === 'missed') return `${words.name} ${words.text}, it takes ${words.limit}`
  const needed = trialsNeeded === undefined ? '' : ` takes ${whole(trialsNeeded)} clean trials, `
  return `${words.name} ${words.limit}${needed === '' ? ':' : needed}${n} trials do not prove it`
}
