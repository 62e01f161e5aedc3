import { loadPrices } from '../../../providers/prices/load-prices.ts'
import type { PriceList } from '../../../providers/prices/price-list.ts'
import type { ModelResponse } from '../../../providers/provider.ts'
import { duration, listed, usd } from '../../../report/format.ts'
import { commandPrefix } from '../../print/report-context.ts'
import type { Project } from '../../project.ts'
import { askOnce, probeUsage } from '../ask-once.ts'
import { type AskedService, askedModels, servicesOf } from '../asked-models.ts'
import { type Check, type Finding, failuresOf } from '../check.ts'
import { type DoctorContext, usableSets } from '../context.ts'

/** Asks one model of each service for one word, where `--probe` allows it. */
export const probeCheck: Check = {
  id: 'probe',
  run: async (context) => {
    const { io, project } = context
    if (!project.ok) return []
    const services = servicesOf(askedModels(usableSets(context)), project.value.config.providers)
    const asked = services.filter(isAskedOverHttp)
    if (asked.length === 0) return []
    const prices = await pricesOf(project.value, context)
    const words = admission(asked, prices)
    if (!context.probe) {
      const message = `no service was asked whether it answers; --probe does: ${words}`
      return [{ status: 'skipped', message }]
    }
    const refused = refusal(asked, prices, project.value)
    if (refused !== undefined) return [refused]
    io.stderr.write(`asking ${words}\n`)
    const ground = { prices, context, project: project.value }
    return (await Promise.all(asked.map((service) => probe(service, ground)))).flat()
  },
}

function isAskedOverHttp({ models }: AskedService): boolean {
  const kind = models[0]?.resolved.kind
  return kind === 'openai' || kind === 'anthropic'
}

async function pricesOf({ config }: Project, context: DoctorContext): Promise<PriceList> {
  const own = usableSets(context).map(({ agent }) => agent.candidate.prices)
  const { money, providers } = config
  return loadPrices({ overrides: [money.prices, ...own], providers, env: context.io.env })
}

/** What one request may cost at most; `undefined` where nobody knows. */
function mostUsd({ models }: AskedService, prices: PriceList): number | undefined {
  const reference = models[0]?.reference ?? ''
  return prices.priceOf({ reference, usage: probeUsage })?.costUsd
}

/** Who would be asked, and for how much. */
function admission(services: readonly AskedService[], prices: PriceList): string {
  const costs = services.map((service) => mostUsd(service, prices))
  const known = costs.filter((cost) => cost !== undefined)
  const most = `at most ${usd(known.reduce((sum, cost) => sum + cost, 0))}`
  const price =
    known.length === costs.length
      ? most
      : known.length === 0
        ? 'price unknown'
        : `${most} and what has no price`
  const models = services.map(({ models: [first] }) => first?.reference ?? '')
  return `one request each to ${listed(models, 4)}, ${price}`
}

/** A budget of the project is one of this command too. */
function refusal(
  services: readonly AskedService[],
  prices: PriceList,
  { config }: Project,
): Finding | undefined {
  const { budget_usd: budget } = config.money
  if (budget === undefined) return undefined
  const costs = services.map((service) => mostUsd(service, prices))
  if (
    costs.every((cost) => cost !== undefined) &&
    costs.reduce((sum, cost) => sum + cost, 0) <= budget
  )
    return undefined
  const message = `nothing was asked: money.budget_usd is ${usd(budget)}, and this may cost more`
  return { status: 'skipped', message }
}

interface Probing {
  readonly prices: PriceList
  readonly context: DoctorContext
  readonly project: Project
}

async function probe(
  { models, name }: AskedService,
  { context, prices, project }: Probing,
): Promise<readonly Finding[]> {
  const [first] = models
  if (first === undefined) return []
  const { reference, resolved } = first
  try {
    const reply = await askOnce(resolved, { outside: context.outside, root: project.root })
    if (reply.ok) {
      return [{ status: 'ok', about: name, message: answered(reply.response, reference, prices) }]
    }
    const { class: kind, message } = reply.error
    const fix = fixes[kind] ?? again
    return [
      { status: 'fail', about: name, message: `${reference} does not answer: ${message}`, fix },
    ]
  } catch (error) {
    return failuresOf(error, name)
  }
}

function answered(response: ModelResponse, reference: string, prices: PriceList): string {
  const { latencyMs, modelServed, usage } = response
  const cost = prices.priceOf({ reference, modelServed, usage })?.costUsd
  const paid = cost === undefined ? 'price unknown' : usd(cost)
  return `${reference} answered in ${duration(latencyMs)} as ${modelServed}, ${paid}`
}

const again = `${commandPrefix} doctor --probe`
const fixes: Readonly<Record<string, string>> = {
  auth: 'give the variable named under keys a key that this service accepts',
  bad_request: 'check the name of the model, and providers in agent-eval.yaml',
  timeout: 'is the service reached from here? base_url under providers says where it is',
  transient: 'is the service reached from here? base_url under providers says where it is',
}
