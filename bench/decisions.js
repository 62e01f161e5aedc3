// `npm run bench:decisions`: what one decision of each policy engine costs, 10,000 of each in one
// process, as medians over batches. The policy is the same refund cap in CEL, Cedar and OPA.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createJiti } from 'jiti'

const root = path.join(import.meta.dirname, '..')
const jiti = createJiti(import.meta.url)
const engines = 'test/controls/engines'
const decisions = 10_000
const batch = 100
const targets = { cel: 30, cedar: 600, opa: 100 }

const load = (file) => jiti.import(path.join(root, file))
const [{ celEngine }, { openCedar }, { openOpa }, { policyRule }, schemas] = await Promise.all([
  load('src/controls/engines/cel/cel-engine.ts'),
  load('src/controls/engines/cedar/open-cedar.ts'),
  load('src/controls/engines/opa/open-opa.ts'),
  load('src/schema/policy.ts'),
  load('src/schema/policy-engines.ts'),
])

const rows = []
for (const [name, engine] of Object.entries(await openAll())) {
  await timeBatches(engine, decisions / 10)
  const micros = await timeBatches(engine, decisions)
  const middle = median(micros)
  rows.push({
    engine: name,
    decisions,
    'µs each (median)': Number(middle.toFixed(1)),
    'µs p95': Number(quantile(micros, 0.95).toFixed(1)),
    target: `${targets[name]} µs: ${middle <= targets[name] ? 'met' : 'missed'}`,
  })
}
const [{ 'µs each (median)': cel }] = rows
console.table(
  rows.map((row) => ({ ...row, 'times CEL': (row['µs each (median)'] / cel).toFixed(1) })),
)

async function openAll() {
  const rules = [
    {
      id: 'refund_never_above_500',
      tool: 'payments.issue_refund',
      condition: 'input.amount_usd <= 500.0',
    },
    {
      id: 'refund_cap',
      tool: 'payments.issue_refund',
      condition: 'input.amount_usd <= 50.0',
      on_fail: 'escalate_to_human',
    },
  ].map((rule) => policyRule.parse(rule))
  const cedar = schemas.cedarPolicy.parse({
    policies: 'refund.cedar',
    schema: 'refund.cedarschema',
  })
  const opa = schemas.opaPolicy.parse({ wasm: 'refund.wasm', path: 'agent/decision' })
  return {
    cel: celEngine(rules, { version: 'bench', seesState: false }),
    cedar: opened(await openCedar(cedar, portsOn('cedar'))),
    opa: opened(await openOpa(opa, portsOn('opa/wasm'))),
  }
}

function opened(result) {
  if (result.ok) return result.engine
  throw new Error(result.problems.map(({ message }) => message).join('\n'))
}

function portsOn(folder) {
  const at = (file) => path.join(root, engines, folder, file)
  const refuse = () => Promise.reject(new Error('no server is asked here'))
  return {
    readBytes: (file) => readFile(at(file)),
    list: (file) => Promise.resolve([file]),
    fetch: refuse,
    compileRego: refuse,
    clock: { nowMs: () => performance.now(), sleep: () => Promise.resolve() },
    env: {},
  }
}

/** Microseconds of one decision, as the mean of each batch. */
async function timeBatches(engine, count) {
  const micros = []
  for (let done = 0; done < count; done += batch) {
    const started = performance.now()
    for (let each = 0; each < batch; each += 1) await engine.decide(question((done + each) % 600))
    micros.push(((performance.now() - started) / batch) * 1000)
  }
  return micros
}

function question(amount) {
  return {
    stage: 'call',
    action: {
      tool: 'payments.issue_refund',
      args: { order_id: 'O-1001', amount_usd: amount + 0.5, reason_code: 'damaged' },
      tier: 2,
      effect: 'write',
    },
    context: {
      agent: { principal: 'support-refund-agent', scopes: ['refunds'] },
      calls: [],
      now: '2026-09-14T10:00:00.000Z',
      state: new Map(),
    },
  }
}

function median(values) {
  return quantile(values, 0.5)
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}
