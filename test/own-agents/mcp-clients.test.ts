import { readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import { readEvents, readLines } from '../real-models/read-results.ts'
import { candidateFile, root, shopWith } from './shop.ts'

const knife = 'refund.damaged.full[knife]'
const allowlist = ['crm.verify_customer', 'orders.get_status', 'payments.issue_refund']

it.each([
  ['streamable HTTP', []],
  ['the stdio bridge', [path.join(root, 'bin/agent-eval-mcp.js')]],
])('a stock MCP client lists and calls the tools of the world over %s', async (_, args) => {
  const script = readFileSync(path.join(root, 'test/own-agents/agents/mcp-client.mjs'), 'utf8')
  const cwd = shopWith(
    { cases: ['outcome/refund-full.yaml'] },
    {
      'agents/mcp-client.mjs': script,
      'agents/mcp.yaml': candidateFile({
        target: { command: ['node', 'mcp-client.mjs', ...args], protocol: 'text' },
        tools: { allowlist },
        policy: {
          rules: [
            {
              id: 'refund_cap',
              tool: 'payments.issue_refund',
              condition: 'input.amount_usd <= 45.0',
            },
          ],
        },
      }),
    },
  )
  symlinkSync(path.join(root, 'node_modules'), path.join(cwd, 'node_modules'))
  const cases = ['knife', 'skillet'].flatMap((one) => ['--case', `refund.damaged.full[${one}]`])
  const argv = ['run', '--candidate', 'agents/mcp.yaml', '-n', '1', '-q', ...cases]
  const { exitCode, stderr } = await runCli(argv, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '' },
  })
  expect([exitCode, stderr]).toEqual([0, ''])
  const lines = new Map(readLines(cwd).map((line) => [line.case, line]))
  expect(lines.get(knife)).toMatchObject({ outcome: 'pass', toolCalls: 3 })
  const replies = readEvents(cwd, `${knife}#1`).filter(
    (event) => event.type === 'message' && event.role === 'assistant',
  )
  // It is offered what its candidate may use, and nothing else.
  expect(replies).toMatchObject([
    { content: [{ type: 'text', text: 'I have refunded $44.8. (3 tools)' }] },
  ])
  const denied = readEvents(cwd, 'refund.damaged.full[skillet]#1').filter(
    (event) => event.type === 'policy.decision' && event.decision === 'deny',
  )
  expect(denied).toMatchObject([{ source: 'policy', rules: [{ id: 'refund_cap' }] }])
  expect(lines.get('refund.damaged.full[skillet]')).toMatchObject({
    outcome: 'fail',
    termination: 'agent_error',
  })
})
