import { readFileSync } from 'node:fs'
import path from 'node:path'
import { folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

const status = 'set/cases/behavioral/status.yaml'

/** The small project of the other tests, and a judge that is asked about two of its cases. */
export const judgedProject: Readonly<Record<string, string>> = {
  ...smallProject,
  'set/evalset.yaml': `${smallProject['set/evalset.yaml'] ?? ''}judge: { model: "stored:demo" }\n`,
  'set/rubric.yaml': `
apiVersion: agent-eval/v1
criteria:
  - { id: plain, question: Is the answer plain?, guidance: Short is plain. }
  - { id: rude, question: Is the agent rude?, passes: no }
`,
  [status]: (smallProject[status] ?? '')
    .replace('  expect:\n', '  expect:\n    judge: [plain, rude]\n')
    .replace('note on O-2?\n  expect:\n', 'note on O-2?\n  expect:\n    judge: [plain]\n'),
}

/** A project with a finished run of it; agents that fall silent now and then say different things. */
export async function projectWithRun(
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly cwd: string; readonly run: string }> {
  const cwd = folderWith({ ...judgedProject, ...files })
  const run = await runSmall(cwd)
  return { cwd, run }
}

/** @returns the name of the run */
export async function runSmall(cwd: string, more: readonly string[] = []): Promise<string> {
  const argv = ['run', '--no-gate', '-q', '--json', ...more]
  const { exitCode, stderr, stdout } = await runCli(argv, { cwd })
  if (exitCode !== 0 || stdout === '') throw new Error(stderr)
  const { stderr: known } = await runCli(['show', 'no-such-run'], { cwd })
  const name = /newest runs: (?:.*, )?(\S+)/.exec(known)?.[1]
  if (name === undefined) throw new Error(known)
  return name
}

export function read(cwd: string, file: string): string {
  return readFileSync(path.join(cwd, file), 'utf8')
}

export const labelsFile = 'set/judge/labels.csv'
