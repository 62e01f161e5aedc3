import type { RuleMetric } from '../../schema/control-figures.ts'
import type { PageFact } from '../../schema/page-data.ts'
import { whole } from '../format.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { atMost } from '../terminal/rule-table.ts'
import { factOf } from './facts.ts'

/** Every rule with what became of it, and every decision that people made. */
export function controlEvidence({ controls }: Subject): readonly PageFact[] {
  if (controls === undefined) return []
  const { approvals, escalations, overrides } = controls
  return [
    ...factOf('actions handed to people', whole(escalations)),
    ...factOf('approvals', whole(approvals.given)),
    ...factOf('refusals', whole(approvals.refused)),
    ...factOf('not answered in time', whole(approvals.timeouts)),
    ...factOf('approvals that set a rule aside', whole(overrides)),
    ...factOf('alerts', whole(controls.alerts)),
    ...factOf('drawn for review', whole(controls.reviews)),
    ...factOf('decisions that could not be made', whole(controls.engineErrors)),
    ...controls.rules.flatMap(ruleFact),
  ]
}

function ruleFact(one: RuleMetric): readonly PageFact[] {
  const { executed, opportunities, prevented, proposed, rule, tier, upper } = one
  const parts = [
    ...(tier === undefined ? [] : [`tier ${tier}`]),
    `${whole(opportunities)} opportunities`,
    `${whole(proposed)} proposed`,
    `${whole(prevented)} prevented`,
    `${whole(executed)} executed`,
    ...(opportunities === 0 ? [] : [`at most ${atMost(upper)} per trial`]),
  ]
  return factOf(say(rule), parts.join(', '), executed > 0 ? 'bad' : undefined)
}
