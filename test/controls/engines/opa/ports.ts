import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import type { ControlDecision } from '../../../../src/controls/control-decision.ts'
import type { EnginePorts, EngineProblem } from '../../../../src/controls/engine-ports.ts'
import { openOpa } from '../../../../src/controls/engines/opa/open-opa.ts'
import type { PolicyEngine } from '../../../../src/controls/policy-engine.ts'
import { opaPolicy } from '../../../../src/schema/policy-engines.ts'

type Settings = z.input<typeof opaPolicy>
type Files = Readonly<Record<string, string | Uint8Array>>

/** The refund policy, compiled: `wasm/refund.wat`. */
export const refundWasm = new Uint8Array(readFileSync(new URL('wasm/refund.wasm', import.meta.url)))

/** Ports over files in memory; what is not given must not be used. */
export function portsOver(files: Files, changes: Partial<EnginePorts> = {}): EnginePorts {
  const isBelow = (folder: string) => (name: string) => name.startsWith(`${folder}/`)
  return {
    readBytes: async (path) => {
      const content = files[path]
      return typeof content === 'string' ? new TextEncoder().encode(content) : content
    },
    list: async (path) =>
      path in files ? [path] : Object.keys(files).filter(isBelow(path)).sort(),
    fetch: () => Promise.reject(new Error('no server is asked here')),
    compileRego: () => Promise.reject(new Error('nothing is compiled here')),
    clock: realClock,
    env: {},
    ...changes,
  }
}

const realClock: EnginePorts['clock'] = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    }),
}

/** The engine of settings that are all right. */
export async function opened(settings: Settings, ports: EnginePorts): Promise<PolicyEngine> {
  const found = await openOpa(opaPolicy.parse(settings), ports)
  if (!found.ok) throw new Error(found.problems.map(({ message }) => message).join('\n'))
  return found.engine
}

/** What is wrong with settings, where something is. */
export async function problemsOf(
  settings: Settings,
  ports: EnginePorts,
): Promise<readonly EngineProblem[]> {
  const found = await openOpa(opaPolicy.parse(settings), ports)
  return found.ok ? [] : found.problems
}

/** Decision, rule ids, and the error where there is one. */
export function gist(said: ControlDecision | undefined): string {
  if (said === undefined) return 'nothing'
  const errors = said.rules.flatMap(({ error }) => (error === undefined ? [] : [`!${error}`]))
  return [said.decision, ...said.rules.map(({ id }) => id), ...errors].join(' ')
}
