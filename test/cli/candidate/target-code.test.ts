import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { targetCode } from '../../../src/cli/candidate/target-code.ts'
import { requireProgram } from '../../../src/cli/run/require-program.ts'
import { target } from '../../../src/schema/candidate.ts'
import { folderWith } from '../run-cli.ts'

const code = (folder: string, settings: object, ignore: readonly string[] = []): Promise<unknown> =>
  targetCode(target.parse(settings), { folder, ignore })

describe('the code of a module', () => {
  const files = { 'agent/main.ts': 'one', 'agent/rules/a.ts': 'two', 'other.ts': 'three' }
  const settings = { module: './agent/main.ts#handle' }

  it('is every file beside and below it, wherever that lies', async () => {
    const folder = folderWith(files)
    const before = await code(folder, settings)
    expect(before).toMatch(/^sha256:[0-9a-f]{16}$/)
    expect(await code(folderWith(files), settings)).toBe(before)
    writeFileSync(path.join(folder, 'other.ts'), 'changed')
    expect(await code(folder, settings)).toBe(before)
    writeFileSync(path.join(folder, 'agent/rules/a.ts'), 'changed')
    expect(await code(folder, settings)).not.toBe(before)
    writeFileSync(path.join(folder, 'agent/rules/a.ts'), 'two')
    expect(await code(folder, settings)).toBe(before)
    expect(await code(folderWith({ ...files, 'agent/new.ts': '' }), settings)).not.toBe(before)
  })

  it('has no packages, hidden folders, caches, or what is to be left out', async () => {
    const noise = {
      'agent/node_modules/a/index.js': '',
      'agent/.git/HEAD': '',
      'agent/rules/__pycache__/a.pyc': '',
      'agent/runs/run.json': '',
    }
    const before = await code(folderWith(files), settings)
    const folder = folderWith({ ...files, ...noise })
    expect(await code(folder, settings, [path.join(folder, 'agent/runs')])).toBe(before)
  })

  it('must be there', async () => {
    await expect(code(folderWith(), settings)).rejects.toMatchObject({ code: 'input' })
  })
})

describe('the code of a command', () => {
  const files = { 'agent.py': 'one', 'lib/a.py': 'two', 'lib/b.py': 'three' }

  it('is no program that was installed: it lies elsewhere on every machine', async () => {
    const folder = folderWith({
      ...files,
      '.venv/bin/serve': '#!/here',
      'node_modules/a/cli.js': '',
    })
    symlinkSync(process.execPath, path.join(folder, 'python'))
    const command = ['./python', '.venv/bin/serve', './node_modules/a/cli.js', 'agent.py']
    const plain = await code(folder, { command: ['python3', 'agent.py'] })
    expect(await code(folder, { command })).toBe(plain)
    expect(await code(folder, { command, files: ['lib'] })).not.toBe(plain)
  })

  it('is what it names, and arguments that are files', async () => {
    const folder = folderWith(files)
    const settings = { command: ['python3', 'agent.py', '--fast'], files: ['lib'] }
    const before = await code(folder, settings)
    for (const file of ['agent.py', 'lib/b.py']) {
      writeFileSync(path.join(folder, file), 'changed')
      expect(await code(folder, settings)).not.toBe(before)
      writeFileSync(path.join(folder, file), files[file as 'agent.py'])
    }
    expect(await code(folder, settings)).toBe(before)
  })

  it('does not depend on where an absolute argument lies', async () => {
    const [a, b] = [folderWith(files), folderWith(files)]
    const at = (folder: string): object => ({ command: ['python3', path.join(folder, 'agent.py')] })
    expect(await code(a, at(a))).toBe(await code(b, at(b)))
  })

  it('is not known where nothing is named, and an error where it is not there', async () => {
    const folder = folderWith(files)
    expect(await code(folder, { command: ['some-agent', 'serve'] })).toBeUndefined()
    expect(await code(folder, { http: 'http://127.0.0.1:1/' })).toBeUndefined()
    expect(
      await code(folder, { http: 'http://127.0.0.1:$PORT/', start: ['python3', 'agent.py'] }),
    ).toMatch(/^sha256:/)
    await expect(code(folder, { command: ['python3'], files: ['nowhere'] })).rejects.toMatchObject({
      code: 'input',
      source: { file: 'nowhere' },
    })
  })
})

describe('the program of a target', () => {
  const folder = folderWith({ 'run.sh': '#!/bin/sh', 'x.js': '' })
  const can = (settings: object): Promise<void> =>
    requireProgram(target.parse(settings), {
      folder,
      env: { PATH: path.dirname(process.execPath) },
    })

  it('is in the PATH, or beside the candidate and may be executed', async () => {
    await can({ command: ['node', 'x.js'] })
    await can({ module: './agent.ts' })
    await can({ http: 'http://127.0.0.1:1/' })
    await expect(can({ command: ['no-such-agent'] })).rejects.toMatchObject({
      code: 'usage',
      message: 'the agent\'s program "no-such-agent" cannot be started',
    })
    chmodSync(path.join(folder, 'run.sh'), 0o644)
    await expect(can({ http: 'http://x/', start: ['./run.sh'] })).rejects.toThrow('./run.sh')
    chmodSync(path.join(folder, 'run.sh'), 0o755)
    await can({ command: ['./run.sh'] })
    rmSync(path.join(folder, 'run.sh'))
    await expect(can({ command: ['./run.sh'] })).rejects.toThrow('./run.sh')
  })
})
