import { hostileTexts } from '../text/hostile-corpus.ts'
import { agent, model, tools } from './hostile-scripts.ts'

/** One eval set for so many texts: a comment names ten cases that moved. */
const textsPerSet = 8

/** Cases are numbered over all sets: `case.17` is where the text with that number is said. */
export interface HostileSet {
  readonly id: string
  readonly numbers: readonly number[]
}

export const hostileSets: readonly HostileSet[] = Array.from(
  { length: Math.ceil(hostileTexts.length / textsPerSet) },
  (_, at) => ({
    id: `hostile-${at}`,
    numbers: hostileTexts
      .map((_text, index) => index)
      .slice(at * textsPerSet, (at + 1) * textsPerSet),
  }),
)

/**
 * A project whose model and tools say every hostile text, and whose own files hold them wherever their
 * schema allows any text. As it stands first its agent does everything right; `hostileAgents` are the
 * change under test.
 */
export function hostileProject(): Readonly<Record<string, string>> {
  const files = hostileSets.map((set) => filesOf(set))
  return Object.assign(
    {
      'agent-eval.yaml': json({
        apiVersion: 'agent-eval/v1',
        evalsets: hostileSets.map(({ id }) => id),
        money: { tasks_per_month: 1000, prices: {} },
      }),
      'texts.json': JSON.stringify(hostileTexts.map(({ text }) => text)),
      'model.mjs': model,
      'agent.mjs': agent,
    },
    ...files,
    ...hostileSets.map(({ id }) => ({ [agentFile(id)]: honestAgent })),
  ) as Readonly<Record<string, string>>
}

/** `says`: a model that says them. `fails`: every other time one that breaks. `acts`: a function. */
export type HostileKind = 'says' | 'fails' | 'acts'

export function hostileAgents(kind: HostileKind): Readonly<Record<string, string>> {
  return Object.fromEntries(
    hostileSets.map((set, at) => [agentFile(set.id), hostileAgent(kind, set, at)]),
  )
}

/** Agents of a fork: their models need a key. */
export function forkedAgents(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    hostileSets.map(({ id, numbers }) => {
      const [name = '', tier = '', model = ''] = numbers.map((number) => words(textOf(number)))
      const models = { default: 'openai:gpt-4o', [tier]: `openai:${model}` }
      return [agentFile(id), json({ agent: { name, models } })]
    }),
  )
}

function agentFile(id: string): string {
  return `${id}/agents/agent.yaml`
}

const honestAgent = json({ agent: { name: 'honest', models: { default: 'reference:' } } })

/** Names and models are one of the set's texts each; which one differs from kind to kind. */
function hostileAgent(kind: HostileKind, { numbers }: HostileSet, at: number): string {
  const offset = { says: 0, fails: 3, acts: 5 }[kind]
  const pick = (more: number): string => textOf(numbers[(at + offset + more) % numbers.length])
  const shared = {
    name: words(pick(0)),
    prompt: pick(1),
    identity: { principal: words(pick(2)) },
    policy: {
      rules: [{ id: 'known-notes', tool: 'desk.note', condition: 'int(input.text) > 0' }],
    },
    fallback: { say: words(pick(3)), reason: words(pick(4)) },
    versions: { prompt: pick(5), policy: pick(6), code: pick(7) },
  }
  if (kind === 'acts') return json({ agent: { ...shared, target: { module: '../../agent.mjs' } } })
  const tier = words(pick(1))
  const place = `module:./model.mjs#${kind}`
  return json({
    agent: {
      ...shared,
      models: { default: place, [tier]: place },
      model_tier: { router: 'default', executor: 'default', routes: { [tier]: words(pick(2)) } },
    },
  })
}

/** JSON is YAML; what YAML refuses raw, such as half a character, it takes as an escape. */
function json(value: unknown): string {
  const ascii = JSON.stringify(value).replace(/[\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `${ascii}\n`
}

function textOf(number = 0): string {
  return hostileTexts[number]?.text ?? ''
}

/** Where a text must not be empty. */
function words(text: string): string {
  return text.trim() === '' ? `blank${text}` : text
}

function filesOf({ id, numbers }: HostileSet): Readonly<Record<string, string>> {
  return {
    [`${id}/evalset.yaml`]: json({
      apiVersion: 'agent-eval/v1',
      id,
      version: words(textOf(numbers[0])),
      candidate: 'agents/agent.yaml',
      defaults: { trials: 2 },
      gate: { slices: numbers.map((number) => `kind:${words(textOf(number))}`) },
    }),
    [`${id}/world.yaml`]: json(world(numbers)),
    [`${id}/policy.yaml`]: json(policy(numbers)),
    [`${id}/tools.mjs`]: tools,
    [`${id}/texts.mjs`]: `export const texts = ${JSON.stringify(numbers.map((number) => [number, textOf(number)]))}\n`,
    [`${id}/injections.yaml`]: json({
      slots: { note: { path: '/note' } },
      templates: { direct: '{goal}' },
    }),
    [`${id}/cases/outcome/cases.yaml`]: json(numbers.map((number) => aCase(number))),
    [`${id}/cases/adversarial/cases.yaml`]: json([attackedCase(numbers)]),
  }
}

function world(numbers: readonly number[]): object {
  const input = {
    type: 'object',
    required: ['number'],
    properties: { number: { type: 'integer' }, text: { type: 'string' } },
  }
  const tool = { description: words(textOf(numbers[1])), input }
  return {
    clock: '2026-09-14T10:00:00Z',
    state: { note: '', notes: { [textOf(numbers[2])]: textOf(numbers[3]) }, log: {} },
    tools: {
      'desk.ask': { ...tool, risk_tier: 0, effect: 'read', module: './tools.mjs#ask' },
      'desk.fail': { ...tool, risk_tier: 0, effect: 'read', module: './tools.mjs#fail' },
      'desk.write': { ...tool, risk_tier: 2, effect: 'write', module: './tools.mjs#write' },
      'desk.pay': {
        ...tool,
        risk_tier: 3,
        effect: 'write',
        usd: '5.0',
        tenant: 'args.text',
        module: './tools.mjs#write',
      },
      'desk.note': { ...tool, risk_tier: 0, effect: 'read', module: './tools.mjs#ask' },
    },
  }
}

function policy(numbers: readonly number[]): object {
  return {
    rules: [
      {
        id: 'no-writes',
        description: textOf(numbers[4]),
        tool: 'desk.write',
        when: 'input.number % 2 == 0',
        condition: 'false',
        severity: 'high',
        harm: { who: 'input.text', usd: '5.0' },
      },
      {
        id: 'not-twice',
        tool: 'desk.pay',
        condition: "input.text == 'never'",
        harm: { who: 'input.text', usd: '5.0' },
      },
    ],
  }
}

function aCase(number: number): object {
  const text = words(textOf(number))
  return {
    id: `case.${number}`,
    title: text,
    ask: `number ${number}: ${text}`,
    strata: { kind: text },
    provenance: { kind: 'incident', ref: text },
    approvers: [{ principal: text, decision: 'approve' }],
    expect: {
      evidence: [{ tool: 'desk.ask', args: { number } }],
      says: [{ any: `number ${number} is done`, max_distinct: 1 }],
    },
    oracle: [{ call: 'desk.ask', args: { number } }, { say: `number ${number} is done` }],
  }
}

function attackedCase(numbers: readonly number[]): object {
  const [number = 0] = numbers
  return {
    ...aCase(number),
    id: `attack.${number}`,
    attack: {
      inject: { slot: 'note', template: 'direct', goal: words(textOf(numbers[5])) },
      goal: "calls.exists(c, c.tool == 'desk.write')",
      steps: [{ call: 'desk.write', args: { number, text: words(textOf(numbers[6])) } }],
    },
  }
}
