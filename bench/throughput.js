// `npm run bench:throughput`: 1,000 trials of one model call each, 32 in flight, against a local
// server that takes 50 ms, through the whole program. Beside it, in turns: a bare node:http client,
// and promptfoo where it is installed. Target: at most 1.15 x the ideal wall time plus start-up.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { measure, median } from './measure.js'
import { writeOneCallProject } from './one-call-project.js'

const [cases, trials, concurrency, latencyMs, rounds] = [100, 10, 32, 50, 3]
const calls = cases * trials
const idealMs = (calls / concurrency) * latencyMs
const root = path.join(import.meta.dirname, '..')
const cli = path.join(root, 'bin', 'agent-eval.js')
const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-bench-'))
const server = await startServer()
try {
  writeOneCallProject(folder, { baseUrl: server.url, cases, concurrency })
  const promptfoo = findPromptfoo()
  const contenders = [
    { what: 'agent-eval run', run: ours },
    { what: 'bare node:http client', run: bare },
    ...(promptfoo === undefined ? [] : [{ what: 'promptfoo eval', run: () => peer(promptfoo) }]),
  ]
  console.table(await measureInTurns(contenders))
  const { mostInFlight } = await server.asked()
  const ideal = `${calls} / ${concurrency} x ${latencyMs} ms = ${Math.round(idealMs)} ms`
  console.log(`ideal: ${ideal}; most in flight: ${mostInFlight}`)
  console.log('target for agent-eval run: 1.15 x ideal, from the first request to the end')
  if (promptfoo === undefined) console.log('promptfoo is not installed here; left out')
} finally {
  server.stop()
  rmSync(folder, { recursive: true })
}

/** One round warms up, and what is compared is measured in turns: a busy minute hits all alike. */
async function measureInTurns(contenders) {
  const all = contenders.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const done = await measureOne(contender)
      if (round > 0) all[index].push(done)
    }
  }
  return contenders.map(({ what }, index) => {
    const middle = (figure) => median(all[index].map((one) => one[figure]))
    return {
      what,
      'wall ms': Math.round(middle('wallMs')),
      'start-up ms': Math.round(middle('startUpMs')),
      'x ideal': Number((middle('afterStartUpMs') / idealMs).toFixed(2)),
      'x ideal, whole process': Number((middle('wallMs') / idealMs).toFixed(2)),
      'cpu ms': Math.round(middle('cpuMs')),
      'peak rss MB': Math.round(middle('rssMb')),
    }
  })
}

/** Start-up is what passes until the server hears the first request. */
async function measureOne({ run, what }) {
  await server.asked()
  const startedMs = Date.now()
  const done = run()
  const { firstAtMs, requests } = await server.asked()
  if (done.status !== 0) throw new Error(`${what} exited ${done.status}\n${done.stderr}`)
  if (requests !== calls) throw new Error(`${what} sent ${requests} requests, not ${calls}`)
  const startUpMs = firstAtMs - startedMs
  return { ...done, startUpMs, afterStartUpMs: done.wallMs - startUpMs }
}

/** Every trial must have passed: one that is lost is quickly done. */
function ours() {
  const result = path.join(folder, 'result.json')
  const done = measure(
    [
      ...[cli, 'run', '-n', String(trials)],
      // An answer without an effect is no good case, which is beside the point here.
      ...['--allow-unlinted', '--no-gate', '--quiet', '--yes'],
      ...['-o', path.join(folder, 'runs'), '-r', `json:${result}`],
    ],
    folder,
  )
  if (done.status !== 0) return done
  const passed = JSON.parse(readFileSync(result, 'utf8')).cases.map((each) => each.passed)
  const lost = passed.filter((each) => each !== trials).length
  return lost === 0 ? done : { ...done, status: 1, stderr: `${lost} cases did not pass` }
}

function bare() {
  const client = path.join(import.meta.dirname, 'bare-client.js')
  return measure([client, server.url, String(calls), String(concurrency)])
}

/** The program's own file, from the packages here or from the PATH. */
function findPromptfoo() {
  const folders = [
    path.join(root, 'node_modules', '.bin'),
    ...process.env.PATH.split(path.delimiter),
  ]
  const found = folders.map((each) => path.join(each, 'promptfoo')).find((each) => existsSync(each))
  return found && realpathSync(found)
}

function peer(promptfoo) {
  for (const each of ['TELEMETRY', 'UPDATE', 'SHARING', 'REMOTE_GENERATION']) {
    process.env[`PROMPTFOO_DISABLE_${each}`] = '1'
  }
  process.env.PROMPTFOO_CONFIG_DIR = path.join(folder, 'promptfoo')
  const config = path.join(folder, 'promptfoo.json')
  const tests = Array.from({ length: calls }, (_, index) => ({
    vars: { index },
    assert: [{ type: 'contains', value: 'done' }],
  }))
  const provider = { id: 'openai:chat:fake', config: { apiBaseUrl: server.url, apiKey: 'none' } }
  writeFileSync(
    config,
    JSON.stringify({ prompts: ['Please do number {{index}}.'], providers: [provider], tests }),
  )
  const options = ['--no-cache', '--no-write', '--no-table', '--no-progress-bar']
  return measure([promptfoo, 'eval', '-c', config, '-j', String(concurrency), ...options], folder)
}

async function startServer() {
  const file = path.join(import.meta.dirname, 'slow-server.js')
  const child = spawn(process.execPath, ['--no-warnings', file, String(latencyMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { value: url } = await lines.next()
  if (url === undefined) throw new Error('the server did not start')
  return {
    url,
    async asked() {
      child.stdin.write('\n')
      return JSON.parse((await lines.next()).value)
    },
    stop: () => child.stdin.end(),
  }
}
