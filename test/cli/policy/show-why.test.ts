import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { folderWith, runCli } from '../run-cli.ts'
import { anAgent, onlyOrder, projectWith } from './refund-set.ts'

async function shown(agent: string, trial: string): Promise<string> {
  const cwd = folderWith(projectWith(agent))
  const { exitCode, stderr } = await runCli(['run', '--no-gate', '-q', '-n', '1', '-o', 'out'], {
    cwd,
  })
  expect(exitCode, stderr).toBe(0)
  const run = readdirSync(path.join(cwd, 'out'))[0] ?? ''
  const { stdout } = await runCli(['show', `out/${run}/${trial}`], { cwd })
  return stdout.replaceAll(/\s+/g, ' ')
}

it('says why an action was allowed: each rule that held', async () => {
  const text = await shown(anAgent([onlyOrder('O-1')]), 'refund.one#1')
  expect(text).toContain('why it ran step')
  expect(text).toContain("own_order: input.id == 'O-1' holds")
  expect(text).not.toContain('why it did not run')
})

it('says why an action was stopped, and what the agent was told of it', async () => {
  const text = await shown(anAgent([onlyOrder('O-9', 'block_and_alert')]), 'refund.one#1')
  expect(text).toMatch(/why it did not run step \d+ orders\.refund \(write, tier 2\)/)
  expect(text).toContain('raises an alert')
  expect(text).toContain('the agent was told: denied_by_policy')
  expect(text).not.toContain('why it ran')
})

it('says that a person was waited for', async () => {
  const text = await shown(anAgent([onlyOrder('O-9', 'escalate_to_human')]), 'refund.one#1')
  expect(text).toContain('escalate by the candidate')
  expect(text).toContain('still open with')
})
