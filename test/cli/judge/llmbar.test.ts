import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type CriterionAgreement,
  type JudgeAgreement,
  judgeAgreement,
} from '../../../src/schema/judge-agreement.ts'
import { dataPath, isDataAbsent, needsData } from '../../real-data/data-folder.ts'
import { folderWith, runCli } from '../run-cli.ts'

interface Calibrated {
  readonly exitCode: number
  readonly agreement: JudgeAgreement
  readonly text: string
}

/** Imports the stored verdicts of an evaluator and holds them against people, as a user would. */
async function calibrated(evaluator: string): Promise<Calibrated> {
  const cwd = folderWith()
  const imported = await runCli(
    ['import', 'llmbar', dataPath('llmbar'), '--evaluator', evaluator, '-o', 'bar'],
    { cwd },
  )
  expect(imported.stderr).toContain('838 labels and as many votes')
  const files = [
    '--labels',
    path.join('bar', 'labels.csv'),
    '--votes',
    path.join('bar', 'votes.jsonl'),
  ]
  const argv = ['judge', 'calibrate', ...files, '--require']
  const { exitCode, stdout } = await runCli([...argv, '--json'], { cwd })
  const { stdout: text } = await runCli(argv, { cwd })
  return { exitCode, agreement: judgeAgreement.parse(JSON.parse(stdout)), text }
}

function percentOf(one: CriterionAgreement | undefined): number {
  return 100 * (one?.macro?.[0]?.accuracy ?? Number.NaN)
}

describe.skipIf(isDataAbsent)(needsData('judge calibrate on LLMBar'), () => {
  it('reproduces 82.79 % of GPT-4 with Metrics_Reference, and lets it gate', async () => {
    const { agreement, exitCode, text } = await calibrated('GPT-4/Metrics_Reference')
    const [one] = agreement.criteria
    expect(one?.macro).toHaveLength(1)
    expect(one?.macro?.[0]).toMatchObject({ of: 'Adversarial', groups: 4 })
    expect(percentOf(one).toFixed(2)).toBe('82.79')
    expect(
      one?.groups?.map(({ accuracy, group, labels }) => [group, labels, accuracy.toFixed(4)]),
    ).toEqual([
      ['Adversarial/GPTInst', 184, '0.8967'],
      ['Adversarial/GPTOut', 94, '0.7234'],
      ['Adversarial/Manual', 92, '0.8370'],
      ['Adversarial/Neighbor', 268, '0.8545'],
      ['Natural', 200, '0.9600'],
    ])
    expect(one?.labels).toMatchObject({ pass: 419, fail: 419, authors: 1 })
    expect(agreement.mayGate).toBe(true)
    expect(exitCode).toBe(0)
    expect(text).toMatch(/^May gate: it tells good from bad as people do\.$/m)
    expect(text).toMatch(/Adversarial, mean of 4 +82\.79 %/)
  })

  it('reproduces 30.6 % of ChatGPT with the vanilla prompt, and does not let it gate', async () => {
    const { agreement, exitCode, text } = await calibrated('ChatGPT/Vanilla')
    const [one] = agreement.criteria
    expect(percentOf(one).toFixed(1)).toBe('30.6')
    expect(one?.groups?.at(-1)).toEqual({ group: 'Natural', labels: 200, accuracy: 0.815 })
    expect(one?.youden).toBeLessThan(0)
    expect(agreement.mayGate).toBe(false)
    expect(exitCode).toBe(1)
    expect(text).toMatch(/^Advisory only: J is -0\.\d\d and has to be 0\.50\.$/m)
  })

  it('says which evaluators it cannot find', async () => {
    const cwd = folderWith()
    for (const [name, told] of [
      ['GPT-9/Vanilla', 'there are no verdicts of "GPT-9/Vanilla"'],
      ['../../etc/passwd', 'is no evaluator of LLMBar'],
    ] as const) {
      const argv = ['import', 'llmbar', dataPath('llmbar'), '--evaluator', name]
      const { exitCode, stderr } = await runCli(argv, { cwd })
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(told)])
    }
  })
})
