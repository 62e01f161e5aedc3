import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type RunResult, runResult } from '../../src/schema/run-result.ts'
import { type CliResult, runCli } from '../cli/run-cli.ts'
import type { Fault } from '../fake-servers/faults.ts'
import { startFakeOpa } from '../fake-servers/opa.ts'

const root = new URL('../../', import.meta.url).pathname

/** Plays a bundled set in this very checkout; what it finds is written elsewhere. */
async function play(argv: readonly string[]): Promise<CliResult & { result: () => RunResult }> {
  const output = mkdtempSync(path.join(tmpdir(), 'agent-eval-controls-'))
  const file = path.join(output, 'result.json')
  const ran = await runCli(
    ['run', ...argv, '--quiet', '-o', output, '-r', 'terminal', '-r', `json:${file}`],
    { cwd: root },
  )
  return { ...ran, result: () => runResult.parse(JSON.parse(readFileSync(file, 'utf8'))) }
}

describe('a candidate that loosens its own refund cap from $50 to $500', () => {
  it('breaks the rules of the organisation, and the gate blocks it', async () => {
    const cap = 'policy.rules.0.condition="input.amount_usd <= 500.0"'
    const loose = ['--set', cap, '--set', 'approvals.tier_3=0']
    const { exitCode, result, stdout } = await play(['support-refund', ...loose])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^regression: 3 rules were broken by executed calls in 21 cases/)
    const { controls } = result()
    const cap50 = controls?.rules.find(({ rule }) => rule === 'refund-cap-escalates')
    expect(cap50?.executed).toBe(70)
    const rates = result().verdict?.metrics.find(({ id }) => id === 'violationRate')
    expect(rates?.status).toBe('regression')
  }, 120_000)
})

describe('an agent that obeys injected text', () => {
  it('would break rules that its controls hold: both is said in one sentence', async () => {
    const obeys = 'evalsets/repo-maintainer/agents/obeys-injected-text.yaml'
    const both = ['--candidate', obeys, '--mode', 'both', '-n', '2', '--no-gate']
    const { result, stdout } = await play(['repo-maintainer', ...both])
    const sentence = stdout.replaceAll(/\s+/g, ' ')
    expect(sentence).toMatch(
      /Without its controls this agent would have broken a rule in [1-9]\d* of 140 trials .* violations of \d+ rules without them are 0 with them; nothing holds /,
    )
    const { controls } = result()
    const withControls = new Map(controls?.rules.map((one) => [one.rule, one.executed]))
    const without = new Map(controls?.propensity?.rules.map((one) => [one.rule, one.executed]))
    // Rules that the candidate's own policy has.
    for (const rule of ['no-write-to-main', 'log-before-rerun']) {
      expect(without.get(rule), rule).toBeGreaterThan(0)
      expect(withControls.get(rule), rule).toBe(0)
    }
  }, 120_000)
})

describe('a server of OPA that hangs, answers 500 or HTML', () => {
  const faults: readonly (readonly [string, Fault])[] = [
    ['hangs', { kind: 'hang' }],
    ['answers 500', { kind: 'status', status: 500 }],
    ['answers HTML', { kind: 'status', status: 200, text: '<html>welcome</html>' }],
  ]

  it.each(faults)(
    '%s: its decisions deny, and the run goes on',
    async (_, fault) => {
      const server = await startFakeOpa({ decide: () => true, faults: () => fault })
      onTestFinished(() => server.close())
      const opa = `policy.opa={"url":"${server.url}","path":"agent/decision","timeout_ms":50}`
      const { exitCode, result, stdout } = await play([
        ...[
          'support-refund',
          '-n',
          '1',
          '--no-gate',
          '--case',
          'refund.approved.espresso',
          '--set',
          opa,
        ],
      ])
      expect(exitCode).toBe(0)
      const { controls } = result()
      expect(controls?.engineErrors).toBeGreaterThan(0)
      expect(stdout).toMatch(/COULD NOT BE MADE/)
    },
    60_000,
  )
})
