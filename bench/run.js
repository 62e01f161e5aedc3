// `npm run bench`: whole processes, medians, each against bare Node in the same run.
// The targets stand beside the figures; nothing fails here, because a shared machine is noisy.
// What takes longer stands apart: `npm run bench:compare` for two runs of 100,000 trials, and
// `npm run bench:gate` for the error rates of the gate.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writeLeanSet } from './lean-set.js'
import { measure, medians } from './measure.js'

const root = path.join(import.meta.dirname, '..')
const cli = path.join(root, 'bin', 'agent-eval.js')
const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-bench-'))
const bundled = path.join(root, 'evalsets', 'support-refund')
const lean = path.join(folder, 'lean')
writeLeanSet(lean, 100)

const bare = medians(['-e', '0'])
const help = medians([cli, '--help'])
const overBare = (help.cpuMs - bare.cpuMs).toFixed(0)
console.table([
  row('node -e 0', bare, ''),
  row('agent-eval --help', help, `${overBare} ms CPU above bare Node (target 60)`),
  trialsOf('lean set: 1 read, 1 write', lean, 20),
  trialsOf('bundled set: 2.7 calls, 25 rules', bundled, 5),
  ...lintOf('bundled set', bundled),
])
rmSync(folder, { recursive: true })

/** About 2,000 trials, graded and written. */
function trialsOf(what, set, trials) {
  const args = (count, ...more) => [
    ...[cli, 'run', set, '-n', String(count), '--no-gate', '--quiet', '-o', folder],
    ...more,
  ]
  const planned = JSON.parse(measure(args(1, '--json')).stdout).cases.length * trials
  const run = medians(args(trials, '-r', `json:${folder}/result.json`), { runs: 3 })
  const each = ((run.cpuMs / planned) * 1000).toFixed(0)
  const note = `${each} µs a trial (target for 2,000: 4,000 ms, 150 MB)`
  return row(`${planned} trials, ${what}`, run, note)
}

/** Every case of a set shown to be able to fail, and the same from the cache. */
function lintOf(what, set) {
  const args = (...more) => [cli, 'lint', set, '--json', ...more]
  const cwd = folder
  const { cases, figures } = JSON.parse(measure(args('--no-cache'), cwd).stdout)
  const each = `${cases.length} cases, ${figures.mutants.made} mutants`
  const cold = medians(args('--no-cache', '--quiet'), { runs: 3, cwd })
  const share = ((cold.wallMs * 288) / cases.length).toFixed(0)
  return [
    row(`lint, ${what}`, cold, `${each}; ${share} ms for 288 cases (target 3,000)`),
    row(`lint, ${what}, cached`, medians(args('--quiet'), { cwd }), 'target 500 ms'),
  ]
}

function row(what, { cpuMs, rssMb, wallMs }, note) {
  return {
    what,
    'cpu ms': Math.round(cpuMs),
    'wall ms': Math.round(wallMs),
    'rss MB': Math.round(rssMb),
    note,
  }
}
