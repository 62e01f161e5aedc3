import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runBin, runBinUntil } from '../cli/real-process.ts'
import { folderWith } from '../cli/run-cli.ts'
import { smallProject } from '../cli/small-set.ts'
import { readLines } from '../real-models/read-results.ts'
import { candidateFile } from './shop.ts'

/** Answers everything alike; while there is a file "stuck", refunds neither read nor write any more. */
const script = `
read -r task
echo $$ >> pids
case "$task" in
  *'refund O-1'*) if [ -f stuck ]; then echo $$ >> stuck; while :; do sleep 0.1; done; fi ;;
esac
sleep 0.2
echo '{"type":"reply","text":"O-2 cost $90."}'
read -r end
`
const run = ['run', '--no-gate', '-q', '-n', '4', '-j', '3', '--candidate', 'agents/own.yaml']

function project(): string {
  const cwd = folderWith({
    ...smallProject,
    'agents/agent.sh': script,
    'agents/stuck': '',
    'agents/own.yaml': candidateFile({ target: { command: ['sh', 'agent.sh'] } }),
  })
  onTestFinished(() => {
    for (const pid of pidsIn(cwd, 'stuck').filter(isRunning)) process.kill(-pid, 'SIGKILL')
  })
  return cwd
}

function pidsIn(cwd: string, file: 'pids' | 'stuck'): readonly number[] {
  const at = path.join(cwd, 'agents', file)
  if (!existsSync(at)) return []
  return readFileSync(at, 'utf8').split('\n').filter(Boolean).map(Number)
}

/** A process that ended and that nobody has waited for yet still has its number. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
}

const stillRunning = (pids: readonly number[]) => (): readonly number[] => pids.filter(isRunning)
const patience = { timeout: 10_000 }

it('agents end by themselves when agent-eval is killed, and the run can be finished', async () => {
  const cwd = project()
  const { killedBy } = await runBinUntil(run, cwd, { signal: 'SIGKILL', trials: 4 })
  expect(killedBy).toBe('SIGKILL')
  const stuck = pidsIn(cwd, 'stuck')
  expect(stuck.length).toBeGreaterThan(0)
  const others = pidsIn(cwd, 'pids').filter((pid) => !stuck.includes(pid))
  expect(others.length).toBeGreaterThanOrEqual(2)
  await expect.poll(stillRunning(others), patience).toEqual([])
  // Who neither reads nor writes does not notice; nobody is left to end it.
  expect(stuck.filter(isRunning)).toEqual(stuck)

  const before = readLines(cwd)
  for (const pid of stuck) process.kill(-pid, 'SIGKILL')
  rmSync(path.join(cwd, 'agents/stuck'))
  expect(runBin([...run, '--resume'], cwd)).toMatchObject({ status: 0, stderr: '' })
  const after = readLines(cwd)
  expect(after.slice(0, before.length)).toEqual(before)
  const trials = after.map((line) => `${line.case}#${line.trial}`)
  expect(trials).toHaveLength(20)
  expect(new Set(trials).size).toBe(20)
})

it('agents are ended with agent-eval when it is asked to end, also those that are stuck', async () => {
  const cwd = project()
  const { code, killedBy } = await runBinUntil(run, cwd, { signal: 'SIGTERM', trials: 4 })
  expect([code, killedBy]).toEqual([143, null])
  const stuck = pidsIn(cwd, 'stuck')
  expect(stuck.length).toBeGreaterThan(0)
  await expect.poll(stillRunning([...pidsIn(cwd, 'pids'), ...stuck]), patience).toEqual([])
})
