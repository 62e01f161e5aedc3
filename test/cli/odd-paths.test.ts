import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { folderWith, runCli } from './run-cli.ts'

let cwd = ''

beforeAll(() => {
  cwd = folderWith({ 'empty.json': '', 'torn.json': '{"kind":"RunRes', 'run/run.json': '{}' })
  const at = (name: string): string => path.join(cwd, name)
  for (const name of ['folder', 'inside/run.json', 'pipes'])
    mkdirSync(at(name), { recursive: true })
  symlinkSync('circle', at('circle'))
  for (const name of ['pipe', 'pipes/run.json']) execFileSync('mkfifo', [at(name)])
  writeFileSync(at('vast.json'), '')
  truncateSync(at('vast.json'), 1_000_000_000)
})

const paths: Readonly<Record<string, string>> = {
  'a name that no file can have': 'x'.repeat(5_000),
  'a name with a NUL': 'run\0/result.json',
  'a circle of links': 'circle',
  'a pipe': 'pipe',
  'a pipe for a manifest': 'pipes',
  'a folder for a manifest': 'inside',
  'an empty folder': 'folder',
  'an empty file': 'empty.json',
  'half a document': 'torn.json',
  'a file of a gigabyte': 'vast.json',
  'what lies below a file': 'empty.json/run',
}

describe.each(['compare', 'show', 'report'])('%s', (command) => {
  it.each(Object.entries(paths))('refuses %s in words', async (_, named) => {
    const { exitCode, stderr } = await runCli([command, named], { cwd })
    expect([exitCode, stderr]).toEqual([2, expect.not.stringContaining('this is a bug')])
    expect(stderr.length).toBeGreaterThan(10)
  })
})
