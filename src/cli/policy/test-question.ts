import { executedCall } from '../../controls/executed-call.ts'
import type { ActingAgent, PolicyQuestion, ProposedAction } from '../../controls/policy-engine.ts'
import type { JsonObject } from '../../schema/json.ts'
import type { PolicyTest } from '../../schema/policy-test.ts'
import { checkPatch } from '../../suites/check-patch.ts'
import { unknownName } from '../../suites/describe.ts'
import { below, type Finding, type Path } from '../../suites/problem.ts'
import type { PreparedWorld } from '../../world/prepare-world.ts'
import { formatRfc3339, parseRfc3339 } from '../../world/rfc3339.ts'
import type { WorldSession } from '../../world/session.ts'
import { startWorld } from '../../world/start-world.ts'

/** What a policy is asked by a test, or why it cannot be asked. Paths begin at the test. */
export type TestQuestion =
  | { readonly ok: true; readonly question: PolicyQuestion }
  | { readonly ok: false; readonly findings: readonly Finding[] }

/** What stands behind the tests of a file. */
export interface TestScene {
  readonly world: PreparedWorld
  /** As the candidate names it. */
  readonly agent: ActingAgent
}

/**
 * The question of one test. What the tools' declarations say of an action (its tier, effect, scope,
 * tenant and dollars) is taken from the world, as in a trial.
 */
export function questionOf(test: PolicyTest, { agent, world }: TestScene): TestQuestion {
  const findings: Finding[] = []
  const clockMs = momentOf(test.now, ['now'], findings) ?? world.clockMs
  const patch = checkPatch(world.state, test.state)
  findings.push(...below(['state'], patch.findings))
  const session = startWorld({ ...world, clockMs, state: patch.state })
  const calls = test.calls.map((call, index) => {
    const path = ['calls', index]
    findings.push(...below(path, misfits(session, world, call)))
    const atMs = momentOf(call.at, [...path, 'at'], findings) ?? clockMs
    return executedCall({
      tool: call.tool,
      args: call.args,
      result: call.result,
      at: formatRfc3339(atMs),
      ...usdOf(session, call),
    })
  })
  const { tool } = test
  const asked = tool === undefined ? undefined : { tool, args: test.args ?? {} }
  if (asked !== undefined) findings.push(...misfits(session, world, asked))
  if (findings.length > 0) return { ok: false, findings }
  const context = {
    agent: { ...agent, ...given(test.agent) },
    calls,
    now: session.now(),
    state: session.state(),
  }
  return {
    ok: true,
    question: { ...stageOf(test, asked && actionOf(session, asked, test)), context },
  }
}

/** Some call of a tool. */
interface Asked {
  readonly tool: string
  readonly args: JsonObject
}

function momentOf(text: string | undefined, path: Path, findings: Finding[]): number | undefined {
  if (text === undefined) return undefined
  const ms = parseRfc3339(text)
  if (ms === undefined) findings.push({ path, message: 'there is no such moment' })
  return ms
}

/** A test about a tool that is not there, or that takes no such arguments, would test nothing. */
function misfits(
  session: WorldSession,
  world: PreparedWorld,
  { args, tool }: Asked,
): readonly Finding[] {
  if (session.effectOf(tool) === undefined) {
    return [{ path: ['tool'], message: unknownName('tool', tool, world.tools.keys()) }]
  }
  return session.validate(tool, args).map((message) => ({ path: ['args'], message }))
}

function usdOf(session: WorldSession, { args, tool }: Asked): { readonly usd?: number } {
  if (session.effectOf(tool) === undefined) return {}
  const { usd } = session.factsOf(tool, args)
  return usd === undefined ? {} : { usd }
}

function actionOf(
  session: WorldSession,
  { args, tool }: Asked,
  { reason }: PolicyTest,
): ProposedAction | undefined {
  const effect = session.effectOf(tool)
  const tier = session.tierOf(tool, args)
  if (effect === undefined || tier === undefined) return undefined
  const stated = reason === undefined ? {} : { reason }
  return { tool, args, tier, effect, ...stated, ...session.factsOf(tool, args) }
}

function stageOf(
  { log, reply, result }: PolicyTest,
  action: ProposedAction | undefined,
): Omit<PolicyQuestion, 'context'> {
  if (reply !== undefined) return { stage: 'reply', output: reply }
  if (log !== undefined) return { stage: 'log', output: log }
  if (action === undefined) return { stage: 'call' }
  return result === undefined
    ? { stage: 'call', action }
    : { stage: 'result', action, output: result }
}

function given({ expires, principal, scopes, tenant }: PolicyTest['agent']): Partial<ActingAgent> {
  return {
    ...(principal !== undefined && { principal }),
    ...(scopes !== undefined && { scopes }),
    ...(tenant !== undefined && { tenant }),
    ...(expires !== undefined && { expires }),
  }
}
