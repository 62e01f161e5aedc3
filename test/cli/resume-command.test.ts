import { expect, it } from 'vitest'
import { resumeCommand } from '../../src/cli/resume-command.ts'

const folder = '/runs/small-1'

it.each([
  [['run', '-n', '20', '--no-gate'], 'agent-eval run -n 20 --no-gate --resume small-1'],
  [['run', '--resume', '-q'], 'agent-eval run -q --resume small-1'],
  [['run', '--resume', 'small-1', '-q'], 'agent-eval run -q --resume small-1'],
  [['run', '--resume=small-1'], 'agent-eval run --resume small-1'],
  [['run', '--grep', 'a b; rm'], "agent-eval run --grep 'a b; rm' --resume small-1"],
])('is the command as it was typed: %j', (argv, wanted) => {
  expect(resumeCommand({ argv, folder, named: [] })).toBe(wanted)
})

it('names the one set of the run where the command runs several', () => {
  const named = ['sets/a', 'sets/b']
  const argv = ['run', ...named, '-q']
  expect(resumeCommand({ argv, folder, named, ownSet: 'sets/b' })).toBe(
    'agent-eval run -q sets/b --resume small-1',
  )
})
