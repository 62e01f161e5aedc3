import { loadPrices } from '../../../providers/prices/load-prices.ts'
import { priceProblems } from '../../../providers/prices/require-prices.ts'
import type { Project } from '../../project.ts'
import { type AskedModel, askedModels } from '../asked-models.ts'
import type { Check, Finding } from '../check.ts'
import { type DoctorContext, type UsableSet, usableSets } from '../context.ts'

/** Whether it is known what each live model costs, and whether anything decides by that. */
export const pricesCheck: Check = {
  id: 'prices',
  run: async (context) => {
    const { io, project } = context
    if (!project.ok) return []
    const found: Finding[] = []
    for (const set of usableSets(context)) {
      const models = askedModels([set])
      if (models.length > 0)
        found.push(...(await findingsOf(set, models, { io, project: project.value })))
    }
    return found
  },
}

async function findingsOf(
  { agent, evalSet, name }: UsableSet,
  models: readonly AskedModel[],
  { io, project }: { readonly io: DoctorContext['io']; readonly project: Project },
): Promise<readonly Finding[]> {
  const { candidate } = agent
  const { money, providers } = project.config
  const { file } = evalSet.loaded
  const prices = await loadPrices({
    overrides: [money.prices, candidate.prices],
    providers,
    env: io.env,
  })
  const problems = priceProblems({
    candidate,
    prices,
    gate: file.gate,
    budgets: [candidate.budgets, file.defaults.budgets],
    budgetUsd: money.budget_usd,
    beside: models.map(({ reference }) => reference),
  })
  const refused = problems.map((one): Finding => {
    return { status: 'fail', about: name, message: one.message, fix: priceLine(one.model) }
  })
  const isRefused = new Set(problems.map(({ model }) => model))
  const others = models.map(({ reference }) => reference).filter((one) => !isRefused.has(one))
  const unpriced = others.filter((one) => !one.startsWith('module:') && !prices.isPriced(one))
  const known = others.filter((one) => prices.isPriced(one))
  return [
    ...refused,
    ...unpriced.map((model): Finding => {
      const message = `no price is known for ${model}; its runs are reported without a cost`
      return { status: 'warn', about: name, message, fix: priceLine(model) }
    }),
    ...(known.length === 0
      ? []
      : [
          {
            status: 'ok',
            about: name,
            message: `prices are known for ${known.join(', ')}`,
          } as const,
        ]),
  ]
}

/** For `agent-eval.yaml`, in dollars per million tokens. */
function priceLine(model: string): string {
  return `money: { prices: { ${JSON.stringify(model)}: { input_per_mtok: 0.00, output_per_mtok: 0.00 } } }`
}
