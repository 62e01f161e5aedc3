import { symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readReported } from '../../../src/cli/print/reported-documents.ts'
import { aComparison, aProvenance, aRunResult } from '../../builders/result.ts'
import { aVerdict } from '../../builders/verdict.ts'
import { folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

const json = (value: unknown): string => JSON.stringify(value)
const skipped = {
  apiVersion: 'agent-eval/v1',
  kind: 'SkippedRun',
  provenance: aProvenance({ evalSet: { id: 'skipped', version: '1', hash: 'h' } }),
  baseline: 'set/baseline.json',
}

let cwd = ''

beforeAll(async () => {
  cwd = folderWith({
    ...smallProject,
    'reports/a.json': json(aRunResult()),
    'reports/deep/b.json': json(aComparison()),
    'reports/deep/c.json': json(skipped),
    'reports/deep/baseline.json': json({ apiVersion: 'agent-eval/v1', kind: 'Baseline' }),
    'reports/package.json': json({ name: 'x' }),
    'reports/list.json': '[]',
    'reports/page.html': '<html></html>',
    'empty/notes.txt': 'x',
    'torn/a.json': '{ torn',
  })
  await runCli(['run', '-q', '--no-gate', '-n', '2', '-o', 'runs'], { cwd })
  await runCli(['run', '-q', '--no-gate', '-n', '1', '-o', 'runs'], { cwd })
})

async function kinds(...named: readonly string[]): Promise<readonly string[]> {
  const { found } = await readReported(named, cwd)
  return found.map(({ document, from }) => `${from}: ${document.kind}`)
}

describe('readReported', () => {
  it('finds every kind of document below a folder, and passes over all others', async () => {
    expect(await kinds('reports')).toEqual([
      'reports/a.json: RunResult',
      'reports/deep/b.json: Comparison',
      'reports/deep/c.json: SkippedRun',
    ])
    expect((await readReported(['reports'], cwd)).problems).toEqual([])
  })

  it('takes a run folder for one result, by its path or as one of several', async () => {
    const { found } = await readReported(['runs'], cwd)
    expect(found.map(({ document }) => document.kind)).toEqual(['RunResult', 'RunResult'])
    const [first] = found
    expect(first?.manifest?.kind).toBe('RunManifest')
    expect(await kinds(first?.from ?? '')).toEqual([`${first?.from}: RunResult`])
  })

  it('reads what is named in that order', async () => {
    expect(await kinds('reports/deep/b.json', 'reports/a.json')).toEqual([
      'reports/deep/b.json: Comparison',
      'reports/a.json: RunResult',
    ])
  })

  it('says of each thing what is wrong with it, by the name it was given', async () => {
    const named = ['gone', 'empty', 'torn', 'reports/package.json', 'reports/a.json']
    const { found, problems } = await readReported(named, cwd)
    expect(found).toHaveLength(1)
    expect(problems.map(({ message, source }) => `${source?.file}: ${message}`)).toEqual([
      'gone: there is no such run, result or folder',
      'empty: holds no result',
      'torn/a.json: is not JSON',
      expect.stringMatching(/^reports\/package\.json: /),
    ])
  })

  it('follows no link out of a folder', async () => {
    const folder = folderWith({ 'own.json': json(aRunResult()) })
    const outside = folderWith({ 'secret.json': json(aRunResult()) })
    symlinkSync(path.join(outside, 'secret.json'), path.join(folder, 'link.json'))
    symlinkSync(outside, path.join(folder, 'folder'))
    const { found } = await readReported(['.'], folder)
    expect(found.map(({ from }) => from)).toEqual(['own.json'])
  })

  it('does not read what is larger than any result', async () => {
    const folder = folderWith()
    writeFileSync(path.join(folder, 'large.json'), Buffer.alloc(64_000_001, ' '))
    const { found, problems } = await readReported(['.'], folder)
    expect([found, problems.map(({ message }) => message)]).toEqual([[], ['is larger than 64 MB']])
  })

  it('reads no more than fits into memory, and says where it stopped', async () => {
    const folder = folderWith({ 'a.json': json(aRunResult()), 'z.json': json(aRunResult()) })
    for (const name of ['b.json', 'c.json', 'd.json']) {
      writeFileSync(path.join(folder, name), '')
      truncateSync(path.join(folder, name), 60_000_000)
    }
    const { found, problems } = await readReported(['.'], folder)
    expect(found.map(({ from }) => from)).toEqual(['a.json'])
    expect(problems.at(-1)?.message).toBe('there are more than 128 MB up to here')
  })

  it('takes whatever cannot be read for a problem', async () => {
    const folder = folderWith({ 'own.json': json(aRunResult()) })
    const { found, problems } = await readReported(['x\0y', 'own.json'], folder)
    expect(found).toHaveLength(1)
    expect(problems.map(({ code }) => code)).toEqual(['input'])
  })

  it('refuses a verdict that contradicts itself', async () => {
    const verdict = aVerdict({ missingEvidence: ['a judge that nobody asked'] })
    const folder = folderWith({ 'a.json': json(aRunResult({ verdict })) })
    const { found, problems } = await readReported(['.'], folder)
    expect([found, problems.map(({ message }) => message)]).toEqual([
      [],
      ['verdict: missingEvidence is not empty, the status is pass'],
    ])
  })
})

describe('report', () => {
  it('renders several documents, each in its own words', async () => {
    const { exitCode, stdout } = await runCli(['report', 'reports', '-r', 'markdown'], { cwd })
    expect(exitCode).toBe(0)
    const heads = stdout.split('\n').filter((line) => line.startsWith('### '))
    expect(heads).toHaveLength(3)
    expect(heads[2]).toContain('skipped')
  })

  it('refuses what it cannot read, before it prints anything', async () => {
    const { exitCode, stderr, stdout } = await runCli(['report', 'reports', 'torn'], { cwd })
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('torn/a.json: is not JSON')
  })

  it('says what it takes where nothing is named', async () => {
    const { exitCode, stderr } = await runCli(['report'], { cwd })
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining("missing required argument 'run'"),
    ])
  })
})
