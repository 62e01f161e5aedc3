import path from 'node:path'
import { nodeOutside } from '../../../src/cli/outside/outside.ts'
import type { Doors, OutsideTrial } from '../../../src/replay/outside-trial.ts'
import { openTarget } from '../../../src/replay/targets/open-target.ts'
import type { Target } from '../../../src/replay/targets/target.ts'
import { target } from '../../../src/schema/candidate.ts'
import { folderWith } from '../../cli/run-cli.ts'
import { type Ran, run, type TrialOptions } from '../builders.ts'

const hostScript = path.join(import.meta.dirname, '..', '..', '..', 'bin', 'agent-host.js')

export interface TargetOptions {
  /** What our own process has in its environment, besides PATH. */
  readonly env?: Readonly<Record<string, string>>
  readonly onDoors?: (trial: OutsideTrial) => void
}

/** A target that was opened, with the trials that it plays. */
export interface OpenedTarget extends Target {
  readonly folder: string
  readonly play: (options?: TrialOptions) => Promise<Ran>
  /** Trials whose doors are open. */
  readonly doors: Set<OutsideTrial>
}

/** Opens a target over real files and processes. */
export async function openedTarget(
  settings: object,
  files: Readonly<Record<string, string>> = {},
  { env = {}, onDoors }: TargetOptions = {},
): Promise<OpenedTarget> {
  const folder = folderWith(files)
  const doors = new Set<OutsideTrial>()
  const opened = await openTarget(target.parse(settings), {
    outside: nodeOutside({ env: { PATH: process.env['PATH'], ...env } }),
    folder,
    host: [process.execPath, hostScript],
    openDoors(trial): Doors {
      doors.add(trial)
      onDoors?.(trial)
      return {
        mcpUrl: `http://127.0.0.1:1/${trial.token}/mcp`,
        openaiBaseUrl: `http://127.0.0.1:1/${trial.token}/openai/v1`,
        anthropicBaseUrl: `http://127.0.0.1:1/${trial.token}/anthropic`,
        close: () => {
          doors.delete(trial)
        },
      }
    },
  })
  const play: OpenedTarget['play'] = (options) => run([], { ...options, agent: opened.agent })
  return { ...opened, folder, play, doors }
}

/** One trial with a target that is closed afterwards. */
export async function playOnce(
  settings: object,
  files: Readonly<Record<string, string>> = {},
  options: TrialOptions & TargetOptions = {},
): Promise<Ran> {
  const opened = await openedTarget(settings, files, options)
  try {
    return await opened.play(options)
  } finally {
    await opened.close()
  }
}

/** What the agent said, as the trace has it. */
export function repliesOf(ran: Ran): readonly string[] {
  return ran
    .of('message')
    .filter((message) => message.role === 'assistant')
    .map((message) => message.content.map((one) => ('text' in one ? one.text : '')).join(''))
}

/** The start of a program that speaks our protocol: `send`, and lines as they come in. */
export const jsonl = `
import readline from 'node:readline'
const send = (message) => process.stdout.write(JSON.stringify(message) + '\\n')
const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const next = async () => {
  const { value, done } = await lines.next()
  return done ? undefined : JSON.parse(value)
}
let calls = 0
const call = async (tool, args = {}, more = {}) => {
  send({ type: 'call', id: ++calls, tool, args, ...more })
  return await next()
}
`
