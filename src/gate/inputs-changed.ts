import type { Provenance } from '../schema/run-manifest.ts'

/** What of the candidate differs from the baseline's, in words. Differing is allowed; hiding is not. */
export function inputsChanged(baseline: Provenance, candidate: Provenance): readonly string[] {
  const hashes = [
    ['prompt', 'promptHash'],
    ['policy of the agent', 'policyHash'],
    ['tools allowed', 'toolsHash'],
    ['budgets', 'budgetsHash'],
    ['code of the agent', 'codeHash'],
  ] as const
  const before = baseline.candidate
  const after = candidate.candidate
  const ofAgent = [
    ...hashes.filter(([, key]) => before[key] !== after[key]).map(([name]) => name),
    ...changedModels(before.models, after.models),
    ...change('agent', before.name, after.name),
  ]
  const isUnnamed = ofAgent.length === 0 && before.hash !== after.hash
  return [
    ...(isUnnamed ? ['other settings of the agent'] : ofAgent),
    ...change('answered by', baseline.agentBehind, candidate.agentBehind),
    ...evalSetChange(baseline.evalSet, candidate.evalSet),
    ...change('agent-eval', baseline.tool, candidate.tool),
    ...servicesChange(baseline.services, candidate.services),
    ...change('prices', baseline.prices ?? 'none', candidate.prices ?? 'none'),
    ...judgeChange(baseline.judge, candidate.judge),
  ]
}

/** Its version is what somebody wrote; its hash also tells that the rules of the gate differ. */
function evalSetChange(
  before: Provenance['evalSet'],
  after: Provenance['evalSet'],
): readonly string[] {
  if (before.version !== after.version) return change('eval set', before.version, after.version)
  return before.hash === after.hash ? [] : ['eval set, under the same version']
}

function judgeChange(before: Provenance['judge'], after: Provenance['judge']): readonly string[] {
  const named = change('judge', before?.model ?? 'none', after?.model ?? 'none')
  const isReworded = named.length === 0 && before?.rubricHash !== after?.rubricHash
  return isReworded ? ['rubric of the judge'] : named
}

type Names = Readonly<Record<string, string>>

function changedModels(before: Names, after: Names): readonly string[] {
  return changedNames('model', 'none', { before, after })
}

function servicesChange(before: Names = {}, after: Names = {}): readonly string[] {
  return changedNames('service', 'its own', { before, after })
}

function changedNames(
  what: string,
  missing: string,
  { after, before }: { readonly before: Names; readonly after: Names },
): readonly string[] {
  // Maps, because a tier may be called "constructor".
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  const names = [...new Set([...old.keys(), ...now.keys()])].sort()
  return names.flatMap((name) =>
    change(`${what} ${name}`, old.get(name) ?? missing, now.get(name) ?? missing),
  )
}

function change(name: string, before: string, after: string): readonly string[] {
  return before === after ? [] : [`${name}: ${before} → ${after}`]
}
