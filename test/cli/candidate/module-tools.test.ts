import { describe, expect, it } from 'vitest'
import { runResult } from '../../../src/schema/run-result.ts'
import { folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

const world = (smallProject['set/world.yaml'] ?? '').replace(
  /change: \[[^\n]*\n *returns: \{ ok: true \}/,
  'module: ./tools.ts#refund',
)

const tools = `
interface Order { readonly refunds: number }
export function refund(args: { id: string }, state: { orders: Record<string, Order> }) {
  const refunds = (state.orders[args.id]?.refunds ?? 0) + 1
  return {
    result: { ok: true, refunds },
    changes: [{ op: 'set', path: '/orders/' + args.id + '/refunds', value: refunds }],
  }
}
`

describe('a tool that is a TypeScript module of the eval set', () => {
  it('changes the world like a declared one', async () => {
    const cwd = folderWith({ ...smallProject, 'set/world.yaml': world, 'set/tools.ts': tools })
    const { stdout, stderr } = await runCli(['run', '--no-gate', '-q', '--json'], { cwd })
    expect(stderr).toBe('')
    expect(runResult.parse(JSON.parse(stdout)).metrics.tsr.rate).toBe(1)
    const lint = await runCli(['lint'], { cwd })
    expect(lint.exitCode, lint.stdout).toBe(0)
  })

  it('is named where it is missing, broken, or lacks the function', async () => {
    const run = async (text: string | undefined): Promise<string> => {
      const files = { ...smallProject, 'set/world.yaml': world }
      const cwd = folderWith(text === undefined ? files : { ...files, 'set/tools.ts': text })
      const { exitCode, stderr } = await runCli(['run', '-q'], { cwd })
      expect(exitCode).toBe(2)
      return stderr
    }
    expect(await run(undefined)).toContain('tools.ts')
    expect(await run('export const other = 1')).toContain('exports no function "refund"')
    expect(await run('export const = 1')).toContain('cannot be loaded')
  })
})
