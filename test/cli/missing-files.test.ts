import { expect, it } from 'vitest'
import { folderWith, runCli, writeFiles } from './run-cli.ts'
import { smallProject } from './small-set.ts'

it.each([
  [{ module: './gone.ts' }, 'gone.ts: target.module: there is no such file'],
  [
    { command: ['node'], files: ['lib/gone.js'] },
    'lib/gone.js: target.files: there is no such file',
  ],
])('names the key of a file that is not there: %j', async (target, message) => {
  const cwd = folderWith(smallProject)
  writeFiles(cwd, { 'set/agents/good.yaml': JSON.stringify({ agent: { name: 'good', target } }) })
  const { exitCode, stderr } = await runCli(['run', '-q'], { cwd })
  expect(exitCode).toBe(2)
  expect(stderr).toContain(message)
  expect(stderr).toContain('relative to the folder of the candidate file')
})

it('names what names a candidate that is not there', async () => {
  const cwd = folderWith(smallProject)
  const asked = await runCli(['run', '-q', '--candidate', 'gone.yaml'], { cwd })
  expect(asked.stderr).toContain('--candidate names this file')
  const file = smallProject['set/evalset.yaml'] ?? ''
  writeFiles(cwd, { 'set/evalset.yaml': file.replace('agents/good.yaml', 'agents/gone.yaml') })
  const named = await runCli(['run', '-q'], { cwd })
  expect([asked.exitCode, named.exitCode]).toEqual([2, 2])
  expect(named.stderr).toContain('set/agents/gone.yaml: there is no such file')
  expect(named.stderr).toContain('candidate of evalset.yaml names this file')
})
