// `npm run bench:compare`: two runs of 100,000 trials each, compared. Targets as in bench/run.js.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writeLargeRun } from './large-run.js'
import { writeLeanSet } from './lean-set.js'
import { measure, median } from './measure.js'

const [cases, trials, runs] = [500, 200, 3]
const cli = path.join(import.meta.dirname, '..', 'bin', 'agent-eval.js')
const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-bench-'))
try {
  const from = smallRun()
  const baseline = path.join(folder, 'baseline')
  const candidate = path.join(folder, 'candidate')
  writeLargeRun(baseline, { from, trials, chance: 0.9, name: 'baseline' })
  writeLargeRun(candidate, { from, trials, chance: 0.895, name: 'candidate' })
  const all = Array.from({ length: runs }, () => compare(baseline, candidate))
  const middle = (figure) => Math.round(median(all.map((one) => one[figure])))
  console.table([
    {
      what: `compare two runs of ${(cases * trials).toLocaleString('en')} trials`,
      'cpu ms': middle('cpuMs'),
      'wall ms': middle('wallMs'),
      'rss MB': middle('rssMb'),
      note: 'target 5,000 ms, 400 MB',
    },
  ])
  console.log(all[0].stdout.trimEnd())
} finally {
  rmSync(folder, { recursive: true })
}

/** One trial of every case, as the program writes it. */
function smallRun() {
  const set = path.join(folder, 'set')
  const results = path.join(folder, 'small')
  writeLeanSet(set, cases)
  const run = measure([cli, 'run', set, '-n', '1', '--no-gate', '--quiet', '-o', results])
  if (run.status !== 0) throw new Error(`run exited ${run.status}\n${run.stderr}`)
  return path.join(results, readdirSync(results)[0])
}

/** Any verdict will do, but not an error. */
function compare(baseline, candidate) {
  const done = measure([cli, 'compare', baseline, candidate, '--json'])
  if (done.status > 1) throw new Error(`compare exited ${done.status}\n${done.stderr}`)
  const { status, metrics } = JSON.parse(done.stdout).verdict
  const said = metrics.map(({ id, status: each }) => `${id} ${each}`).join(', ')
  return { ...done, stdout: `verdict: ${status} (${said})` }
}
