import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface FakeOpaProgram {
  /** For PATH: a folder with `opa` in it. */
  readonly folder: string
  /** What it was called with, each time. */
  readonly calls: () => readonly (readonly string[])[]
  readonly setVersion: (version: string) => void
  readonly remove: () => void
}

const program = fileURLToPath(new URL('opa-program.mjs', import.meta.url))

/** Installs a program called `opa`, whose every bundle holds this module. */
export function installFakeOpa(wasm: Uint8Array): FakeOpaProgram {
  const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-fake-opa-'))
  const [opa, log, module] = ['opa', 'calls.jsonl', 'policy.wasm'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string]
  writeFileSync(module, wasm)
  const quoted = [process.execPath, program, module, log].map((one) => `'${one}'`).join(' ')
  writeFileSync(opa, `#!/bin/sh\nexec ${quoted} "$@"\n`)
  chmodSync(opa, 0o755)
  const setVersion = (version: string): void => {
    writeFileSync(`${log}.version`, `Version: ${version}\nBuild Commit: none\nPlatform: fake\n`)
  }
  setVersion('1.9.0')
  return {
    folder,
    calls: () =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as string[])
        : [],
    setVersion,
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
