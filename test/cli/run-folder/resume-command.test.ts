import { expect, it } from 'vitest'
import { resumeCommand } from '../../../src/cli/run-folder/resume-command.ts'

const folder = '/runs/small-1'

it.each([
  [['run', '-n', '20', '--no-gate'], 'npx agent-eval run -n 20 --no-gate --resume small-1'],
  [['run', '--resume', '-q'], 'npx agent-eval run -q --resume small-1'],
  [['run', '--resume', 'small-1', '-q'], 'npx agent-eval run -q --resume small-1'],
  [['run', '--resume=small-1'], 'npx agent-eval run --resume small-1'],
  [['run', '--grep', 'a b; rm'], "npx agent-eval run --grep 'a b; rm' --resume small-1"],
])('is the command as it was typed: %j', (argv, wanted) => {
  expect(resumeCommand({ argv, folder, named: [] })).toBe(wanted)
})

it('names the one set of the run where the command runs several', () => {
  const named = ['sets/a', 'sets/b']
  const argv = ['run', ...named, '-q']
  expect(resumeCommand({ argv, folder, named, ownSet: 'sets/b' })).toBe(
    'npx agent-eval run -q sets/b --resume small-1',
  )
})
