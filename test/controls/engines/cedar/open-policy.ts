import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import type { ControlDecision } from '../../../../src/controls/control-decision.ts'
import type { EnginePorts, EngineProblem } from '../../../../src/controls/engine-ports.ts'
import { openCedar } from '../../../../src/controls/engines/cedar/open-cedar.ts'
import type {
  ActionContext,
  PolicyEngine,
  PolicyQuestion,
  ProposedAction,
} from '../../../../src/controls/policy-engine.ts'
import { toExprValue } from '../../../../src/expr/value.ts'
import type { JsonObject } from '../../../../src/schema/json.ts'
import { cedarPolicy } from '../../../../src/schema/policy-engines.ts'

type Files = Readonly<Record<string, string | Uint8Array>>
type Settings = Partial<z.input<typeof cedarPolicy>>

/** A schema with one action, `pay`, whose arguments are of the given types. */
export function schemaFor(args: string, more = ''): string {
  return `
    entity Agent { principal: String, scopes?: Set<String>, tenant?: String };
    entity Tool { name: String, tier: Long, effect: String };
    ${more}
    action pay appliesTo { principal: Agent, resource: Tool, context: { args: { ${args} } } };
    action look appliesTo { principal: Agent, resource: Tool };
  `
}

export const permitAll = '@id("all") permit (principal, action, resource);\n'

/** Files in memory, beside those of this folder. */
export async function open(files: Files, settings: Settings = {}): Promise<PolicyEngine> {
  const opened = await openCedar(settingsOf(settings), portsOver(files))
  if (opened.ok) return opened.engine
  throw new Error(opened.problems.map(({ hint, message }) => `${message} (${hint})`).join('\n'))
}

export async function problemsOf(
  files: Files,
  settings: Settings = {},
): Promise<readonly EngineProblem[]> {
  const opened = await openCedar(settingsOf(settings), portsOver(files))
  return opened.ok ? [] : opened.problems
}

/** What the engine says of a call, which is never nothing. */
export async function decide(
  engine: PolicyEngine,
  action: Partial<ProposedAction> = {},
  context: Partial<Omit<ActionContext, 'calls' | 'state'>> & {
    readonly calls?: readonly JsonObject[]
    readonly state?: ActionContext['state'] | JsonObject
  } = {},
): Promise<ControlDecision> {
  const said = await engine.decide(aQuestion(action, context))
  if (said === undefined) throw new Error('the engine said nothing')
  return said
}

export function aQuestion(
  action: Partial<ProposedAction> = {},
  { calls = [], ...context }: Parameters<typeof decide>[2] & object = {},
): PolicyQuestion {
  return {
    stage: 'call',
    action: { tool: 'pay', args: {}, tier: 2, effect: 'write', ...action },
    context: {
      agent: { principal: 'agent' },
      now: '2026-09-14T10:00:00.000Z',
      state: toExprValue({}),
      calls: calls.map((call) => toExprValue(call)),
      ...(context as Partial<ActionContext>),
    },
  }
}

function settingsOf(settings: Settings): z.output<typeof cedarPolicy> {
  return cedarPolicy.parse({ policies: 'p.cedar', schema: 's.cedarschema', ...settings })
}

function portsOver(files: Files): EnginePorts {
  const refuse = (): Promise<never> => Promise.reject(new Error('Cedar asks nobody'))
  return {
    readBytes: async (name) => {
      const given = files[name]
      if (given !== undefined) return typeof given === 'string' ? Buffer.from(given) : given
      try {
        return await readFile(new URL(name, import.meta.url))
      } catch {
        return undefined
      }
    },
    list: refuse,
    fetch: refuse,
    compileRego: refuse,
    clock: { nowMs: () => 0, sleep: refuse },
    env: {},
  }
}
