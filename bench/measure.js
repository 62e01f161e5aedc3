import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const preload = pathToFileURL(path.join(import.meta.dirname, 'on-exit.js')).href

/** CPU, wall time and peak memory of one whole process. */
export function measure(args, cwd = process.cwd()) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'))
  const file = path.join(folder, 'usage.json')
  const started = performance.now()
  const child = spawnSync(process.execPath, ['--import', preload, ...args], {
    cwd,
    env: { ...process.env, BENCH_USAGE_FILE: file, NO_COLOR: '1' },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const wallMs = performance.now() - started
  const usage = JSON.parse(readFileSync(file, 'utf8'))
  rmSync(folder, { recursive: true })
  return { ...usage, wallMs, status: child.status, stdout: child.stdout, stderr: child.stderr }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

/** The median of each figure over several runs, after one that is not counted. */
export function medians(args, { runs = 5, cwd } = {}) {
  measure(args, cwd)
  const all = Array.from({ length: runs }, () => measure(args, cwd))
  const failed = all.find((one) => one.status !== 0)
  if (failed) throw new Error(`${args.join(' ')} exited ${failed.status}\n${failed.stderr}`)
  return {
    cpuMs: median(all.map((one) => one.cpuMs)),
    wallMs: median(all.map((one) => one.wallMs)),
    rssMb: median(all.map((one) => one.rssMb)),
  }
}
