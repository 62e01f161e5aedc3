import type { Outside } from '../../ports.ts'

interface OpaMeans extends Pick<Outside, 'clock' | 'env' | 'spawn'> {
  /** Absolute. */
  readonly cwd: string
}

/** How one call of `opa` ended. */
export type Ran =
  | { readonly ok: true; readonly stdout: string }
  | {
      readonly ok: false
      /** There is none; it was ended because it took too long; it said no. */
      readonly why: 'absent' | 'late' | 'failed'
      readonly stdout: string
      readonly stderr: string
    }

/** Compiling takes far less than a second. */
const patienceMs = 60_000
/** Of each stream; the rest is dropped. */
const mostChars = 100_000

/** What a program needs to run and to find its home. It gets no key and no token. */
const passedOn = [
  ...['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'PATHEXT', 'SystemRoot'],
  ...['USERPROFILE', 'APPDATA', 'LOCALAPPDATA'],
]

/** Calls the `opa` that is on PATH. Never rejects. */
export async function runOpa(
  args: readonly string[],
  { clock, cwd, env, spawn }: OpaMeans,
): Promise<Ran> {
  const own = passedOn.flatMap((name) => {
    const value = env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const child = spawn(['opa', ...args], { cwd, env: Object.fromEntries(own) })
  const said = { stdout: '', stderr: '' }
  child.onStdout((text) => {
    said.stdout = (said.stdout + text).slice(0, mostChars)
  })
  child.onStderr((text) => {
    said.stderr = (said.stderr + text).slice(0, mostChars)
  })
  child.closeInput()
  const over = new AbortController()
  const late = clock.sleep(patienceMs, over.signal).then(() => undefined)
  const end = await Promise.race([child.ended, late])
  over.abort()
  if (end === undefined) {
    child.kill()
    return { ok: false, why: 'late', ...said }
  }
  if (end.code === 0) return { ok: true, stdout: said.stdout }
  if (end.error === undefined) return { ok: false, why: 'failed', ...said }
  const why = end.error.includes('ENOENT') ? 'absent' : 'failed'
  return { ok: false, why, stdout: '', stderr: end.error }
}
