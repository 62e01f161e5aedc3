import type { PageTone } from '../../schema/page-data.ts'
import type { Verdict } from '../../schema/verdict.ts'

const tones = { pass: 'good', regression: 'bad', inconclusive: 'warn', error: 'bad' } as const

export function statusTone(status: Verdict['status'] | undefined): PageTone | undefined {
  return status === undefined ? undefined : tones[status]
}
