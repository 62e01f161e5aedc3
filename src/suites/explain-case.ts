import type { EvalCase, WrittenCase } from '../schema/case.ts'
import { namedTools } from './case-tools.ts'
import { explainExpectation } from './explain-expectation.ts'
import { type ExplainedValue, orDefault, orDerived, written } from './explained-value.ts'

/**
 * Every value that a case runs with: what it says itself, what follows from the rest of it, from
 * its folder or its template, and what holds because it says nothing. In the order in which one
 * would write them.
 *
 * @param own - the case as its file has it
 * @param resolved - the same case ready to run
 */
export function explainCase(own: WrittenCase, resolved: EvalCase): readonly ExplainedValue[] {
  return [
    ...explainName(own),
    ...explainTalk(own),
    ...explainExpectation(own.expect),
    ...explainSolutions(own),
    ...explainAttack(own),
    ...explainLabels(own, resolved),
    ...explainConditions(own),
  ]
}

/** The template of a case that a `foreach` made, and its row. */
function originOf(id: string): { readonly template: string; readonly row: string } | undefined {
  const [, template = '', row = ''] = /^(.+)\[(.+)\]$/.exec(id) ?? []
  return template === '' ? undefined : { template, row }
}

function explainName({ id, title }: WrittenCase): readonly ExplainedValue[] {
  const origin = originOf(id)
  const why = origin && `row ${origin.row} of the template ${origin.template}`
  return [
    why === undefined ? written('id', id) : { key: 'id', value: id, from: 'derived', why },
    ...optional('title', title),
  ]
}

function explainTalk({
  ask,
  conversation,
  fallback,
  input,
  user,
}: WrittenCase): readonly ExplainedValue[] {
  return [
    ...optional('ask', ask),
    ...optional('conversation', conversation),
    ...optional('fallback', fallback),
    ...(user === undefined ? [] : explainUser(user)),
    ...optional('input', input),
  ]
}

function explainUser(user: NonNullable<WrittenCase['user']>): readonly ExplainedValue[] {
  const { goal, knows, max_turns, must_not, opening, persona } = user
  return [
    written('user.opening', opening),
    ...optional('user.persona', persona),
    written('user.goal', goal),
    orDefault('user.knows', knows, { is: {}, why: 'the user can tell nothing but the goal' }),
    orDefault('user.must_not', must_not, {
      is: [],
      why: 'nothing that is said makes a trial invalid',
    }),
    orDefault('user.max_turns', max_turns, { is: 8, why: 'messages of the user at most' }),
  ]
}

function explainSolutions(own: WrittenCase): readonly ExplainedValue[] {
  const { accept_mutants, equivalents, oracle, permitted_twin } = own
  return [
    orDefault('oracle', oracle ?? [], { is: [], why: 'nobody has shown that it can be solved' }),
    ...optional('equivalents', equivalents),
    orDefault('accept_mutants', accept_mutants, {
      is: [],
      why: 'no mutant of the oracle may pass',
    }),
    ...optional('permitted_twin', permitted_twin),
  ]
}

function explainAttack({ attack }: WrittenCase): readonly ExplainedValue[] {
  if (attack === undefined) return []
  const { exposure, goal, inject, steps } = attack
  const goals = [inject].flat().map((each) => each.goal)
  return [
    written('attack.inject', inject),
    exposure === undefined
      ? {
          key: 'attack.exposure',
          value: goals,
          from: 'derived',
          why: 'the goal as it stands in the injected text must have reached the model',
        }
      : written('attack.exposure', exposure),
    written('attack.goal', goal),
    written('attack.steps', steps),
  ]
}

function explainLabels(own: WrittenCase, resolved: EvalCase): readonly ExplainedValue[] {
  return [
    orDerived('layer', resolved.layer, { own: own.layer, why: 'the folder of its file' }),
    explainSplit(own, resolved),
    explainStatus(own, resolved),
    explainCluster(own, resolved),
    explainTier(own, resolved),
    orDefault('strata', own.strata, { is: {}, why: 'of no stratum' }),
    orDefault('tags', own.tags, { is: [], why: 'found by no tag' }),
    ...optional('provenance', own.provenance),
  ]
}

function explainSplit({ split, user }: WrittenCase, resolved: EvalCase): ExplainedValue {
  if (split === undefined && user !== undefined) {
    const why = 'a model plays the user, so it stays out of the gate'
    return { key: 'split', value: resolved.split, from: 'derived', why }
  }
  return orDefault('split', resolved.split, { is: 'gate', why: 'a case gates' })
}

function explainStatus({ oracle, status }: WrittenCase, resolved: EvalCase): ExplainedValue {
  if (status === undefined && oracle === undefined) {
    const why = 'it has no oracle, so it runs and does not gate'
    return { key: 'status', value: resolved.status, from: 'derived', why }
  }
  return orDefault('status', resolved.status, { is: 'active', why: 'it has an oracle' })
}

function explainCluster({ cluster, id }: WrittenCase, resolved: EvalCase): ExplainedValue {
  const template = originOf(id)?.template
  if (template !== undefined && template === cluster) {
    const why = 'cases of one template rise and fall together'
    return { key: 'cluster', value: cluster, from: 'derived', why }
  }
  const why = 'its id: it rises and falls by itself'
  return orDefault('cluster', resolved.cluster, { is: id, why })
}

function explainTier(own: WrittenCase, { risk_tier }: EvalCase): ExplainedValue {
  const tools = [...new Set(namedTools(own).map(({ tool }) => tool))].sort()
  const why =
    tools.length === 0
      ? 'it names no tool'
      : `the highest that it can reach with ${tools.join(', ')}`
  return orDerived('risk_tier', risk_tier, { own: own.risk_tier, why })
}

function explainConditions(own: WrittenCase): readonly ExplainedValue[] {
  const { approvers, budgets, trials, world } = own
  return [
    orDefault('trials', trials ?? null, {
      is: null,
      why: 'as many as the command line, the project or evalset.yaml asks for',
    }),
    orDefault('world.patch', world.patch, { is: [], why: 'the state of world.yaml as it is' }),
    orDefault('world.faults', world.faults, { is: [], why: 'every tool works' }),
    orDefault('budgets', budgets, {
      is: {},
      why: 'those of evalset.yaml and of the candidate; the stricter one holds',
    }),
    orDefault('approvers', approvers, {
      is: 'pending',
      why: 'nobody answers an escalation, so nothing executes that needs one',
    }),
  ]
}

function optional(key: string, value: unknown): readonly ExplainedValue[] {
  return value === undefined ? [] : [written(key, value)]
}
