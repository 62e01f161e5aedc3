import { describe, expect, it, onTestFinished } from 'vitest'
import { parseLabels } from '../../../src/judge/label-rows.ts'
import { judgeCalibration } from '../../../src/schema/judge.ts'
import { type JudgeAgreement, judgeAgreement } from '../../../src/schema/judge-agreement.ts'
import type { FakeRequest } from '../../fake-servers/fake-exchange.ts'
import { type FakeServer, startFakeServer } from '../../fake-servers/start-fake-server.ts'
import { type CliResult, folderWith, runCli, writeFiles } from '../run-cli.ts'
import { judgedProject, labelsFile, read, runSmall } from './judged-set.ts'

const env = { OPENAI_API_KEY: 'sk-marked-0a1b2c3d4e5f6a7b8c9d0e1f' }

/** Votes yes with a quote that stands there. */
function vote(request: FakeRequest): object {
  const transcript = request.messages.at(-1)?.text ?? ''
  const agent = transcript.split('\n').find((line) => line.includes('"kind":"agent"')) ?? '{}'
  const { n, text } = JSON.parse(agent) as { n: number; text: string }
  return { json: { quotes: [{ line: n, text }], reason: 'It is.', answer: 'yes' } }
}

interface Desk {
  readonly cwd: string
  readonly server: FakeServer
}

/** A project whose judge is a live model, and three labels with their transcripts. */
async function desk(
  answer: (request: FakeRequest) => object = vote,
  money: object = {},
): Promise<Desk> {
  const server = await startFakeServer({ kind: 'openai', answer })
  onTestFinished(server.close)
  const cwd = folderWith({ ...judgedProject })
  const run = await runSmall(cwd)
  const answers = ['y', 'fine', 'n', 'not so', 'y', '']
  await runCli(['judge', 'review', run, '--sample', '100%', '--author', 'Ada'], {
    cwd,
    isTTY: true,
    answer: () => answers.shift(),
  })
  writeFiles(cwd, {
    'agent-eval.yaml': JSON.stringify({
      apiVersion: 'agent-eval/v1',
      evalsets: ['set'],
      models: { default: 'reference:' },
      providers: { openai: { base_url: server.baseUrl } },
      money,
    }),
    'set/evalset.yaml': (judgedProject['set/evalset.yaml'] ?? '').replace(
      '"stored:demo"',
      '"openai:gpt-4o"',
    ),
  })
  return { cwd, server }
}

function ask({ cwd }: Desk, more: readonly string[] = []): Promise<CliResult> {
  return runCli(['judge', 'calibrate', '--json', '--ask', ...more], { cwd, env })
}

function agreementIn({ stderr, stdout }: CliResult): JudgeAgreement {
  if (stdout === '') throw new Error(stderr)
  return judgeAgreement.parse(JSON.parse(stdout))
}

/** Three cents a vote. */
const prices = { 'gpt-4o': { input_per_mtok: 1000, output_per_mtok: 1000 } }

describe('judge calibrate --ask', () => {
  it('asks about what was labelled, keeps the votes, and freezes canaries', async () => {
    const subject = await desk(vote, { prices })
    const { asked, askable, criteria, written } = agreementIn(await ask(subject, ['--write']))
    // Two votes settle a majority of three.
    expect(subject.server.requests).toHaveLength(6)
    expect(asked).toMatchObject({ votes: 6, failed: 0 })
    expect(asked?.costUsd).toBeCloseTo(0.18, 12)
    expect(askable).toBe(0)
    const labels = parseLabels(read(subject.cwd, labelsFile), labelsFile)
    // It always says yes, which is the good answer to one of the questions.
    const right = labels.filter(
      ({ criterion, label }) => (criterion === 'plain') === (label === 'pass'),
    )
    const agreed = criteria.reduce(
      (sum, { table }) => sum + table.truePositive + table.trueNegative,
      0,
    )
    expect(agreed).toBe(right.length)
    expect(written?.canaries).toBe(3)
    const kept = judgeCalibration.parse(JSON.parse(read(subject.cwd, 'set/judge/calibration.json')))
    expect(kept.canaries.map(({ vote: frozen }) => frozen)).toEqual(['yes', 'yes', 'yes'])
    expect(kept.canaries[0]?.transcript).toContain('"kind":"user"')
    const again = agreementIn(await ask(subject))
    expect(subject.server.requests).toHaveLength(6)
    expect(again.criteria).toEqual(criteria)
  })

  it('asks nobody without being told to, and says that it could', async () => {
    const subject = await desk()
    const result = await runCli(['judge', 'calibrate'], { cwd: subject.cwd, env })
    expect(result.stdout).toContain('3 labelled transcripts without a vote: ask for it with --ask')
    expect(subject.server.requests).toEqual([])
  })

  it('stops where the budget is spent, and keeps what was paid for', async () => {
    const subject = await desk(vote, { prices })
    const result = await ask(subject, ['--budget', '0.05', '-j', '1', '--write'])
    // The second vote spends it.
    expect(subject.server.requests).toHaveLength(2)
    expect(result.stderr).toContain('the budget is spent: asked about 1 of 3; its votes are kept')
    expect(agreementIn(result)).toMatchObject({ askable: 2, asked: { votes: 2, costUsd: 0.06 } })
    expect(agreementIn(result)).not.toHaveProperty('written')
    expect(read(subject.cwd, 'set/judge/votes.jsonl').trim().split('\n')).toHaveLength(2)
    await ask(subject)
    expect(subject.server.requests).toHaveLength(6)
  })

  it('counts an answer that is no vote as none', async () => {
    const subject = await desk(() => ({ text: 'I would say yes' }))
    const { asked, criteria } = agreementIn(await ask(subject))
    expect(asked).toMatchObject({ votes: 0, failed: 6 })
    expect(criteria.map(({ table }) => table.unanswered).reduce((sum, one) => sum + one)).toBe(3)
  })

  it('keeps what was answered before an interrupt', async () => {
    const subject = await desk()
    let interrupt: (() => void) | undefined
    const listening = {
      onListening: (send: (signal: 'SIGINT') => void) =>
        (interrupt = () => {
          send('SIGINT')
        }),
    }
    const { cwd, server } = subject
    const watch = setInterval(() => {
      if (server.requests.length >= 2) interrupt?.()
    }, 1)
    const argv = ['judge', 'calibrate', '--json', '--ask', '-j', '1']
    const { exitCode } = await runCli(argv, { cwd, env, ...listening })
    clearInterval(watch)
    expect(exitCode).toBe(130)
    const kept = read(cwd, 'set/judge/votes.jsonl').trim().split('\n')
    expect(kept.length).toBeLessThanOrEqual(server.requests.length)
    expect(kept.length).toBeGreaterThan(0)
  })
})
