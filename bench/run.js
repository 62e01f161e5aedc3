// `npm run bench`: whole processes, medians, each against bare Node in the same run.
// The targets stand beside the figures; nothing fails here, because a shared machine is noisy.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { measure, medians } from './measure.js'

const root = path.join(import.meta.dirname, '..')
const cli = path.join(root, 'bin', 'agent-eval.js')

const rows = []
const bare = medians(['-e', '0'])
rows.push(row('node -e 0', bare, ''))

const help = medians([cli, '--help'])
const overBare = help.cpuMs - bare.cpuMs
rows.push(
  row('agent-eval --help', help, `${overBare.toFixed(0)} ms CPU above bare Node (target 60)`),
)

const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-bench-'))
const set = path.join(root, 'evalsets', 'support-refund')
// The whole set in as many rounds as make about 2,000 trials.
const { trials, cases } = planned()
const run = medians(
  [
    cli,
    'run',
    set,
    '-n',
    String(trials),
    '--no-gate',
    '--quiet',
    '-o',
    folder,
    '-r',
    `json:${folder}/r.json`,
  ],
  { runs: 3 },
)
rows.push(
  row(
    `${trials * cases} reference trials`,
    run,
    `${((run.cpuMs / (trials * cases)) * 1000).toFixed(0)} µs a trial (target 4,000 ms, 150 MB for 2,000)`,
  ),
)
rmSync(folder, { recursive: true })
console.table(rows)

function row(what, { cpuMs, rssMb, wallMs }, note) {
  return {
    what,
    'cpu ms': Math.round(cpuMs),
    'wall ms': Math.round(wallMs),
    'rss MB': Math.round(rssMb),
    note,
  }
}

/** Cases with their benign twins, and the trials of each that come nearest to 2,000 in all. */
function planned() {
  const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-bench-'))
  const { stdout } = measureOnce(folder)
  rmSync(folder, { recursive: true })
  const count = JSON.parse(stdout).cases.length
  return { cases: count, trials: Math.max(1, Math.round(2000 / count)) }
}

function measureOnce(folder) {
  return measure([cli, 'run', set, '-n', '1', '--no-gate', '--quiet', '--json', '-o', folder])
}
