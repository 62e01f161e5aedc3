import { runCli } from '../../cli/run-cli.ts'
import { smallProject } from '../../cli/small-set.ts'
import type { Desk } from '../desk.ts'
import type { Chapter, Ended } from '../situation.ts'
import { muteAgent, run } from '../usual.ts'

/** A second eval set, in which any agent does well. */
const otherSet = Object.fromEntries(
  Object.entries(smallProject)
    .filter(([name]) => name.startsWith('set/'))
    .map(([name, text]) => [
      name.replace('set/', 'other/'),
      text.replace('id: small', 'id: other').replaceAll('mute=1', 'mute=0'),
    ]),
)

async function reportLater(desk: Desk): Promise<Ended> {
  const cwd = desk.copy()
  await runCli([...run, ...muteAgent], { cwd })
  return runCli(['report', desk.only(cwd, 'agent-eval-results')], { cwd })
}

async function decideAgain(desk: Desk): Promise<Ended> {
  const cwd = desk.copy()
  await runCli([...run, ...muteAgent], { cwd })
  return runCli(['compare', desk.only(cwd, 'agent-eval-results')], { cwd })
}

export const afterTheVerdict: Chapter = {
  title: 'Between the verdict and the pipeline',
  situations: [
    {
      id: 'report-after-the-gate',
      situation:
        'A later step only renders the failed run, and its exit code is taken for the gate.',
      sources: ['VGonPa/xbrain#121', 'EntityProcess/agentv#882', 'confident-ai/deepeval#770'],
      run: reportLater,
      expected: { outcome: 'regression', exitCode: 0, says: 'regression (exit 1)' },
    },
    {
      id: 'decide-again',
      situation: 'The same step with `compare`, which decides again from the trials.',
      sources: ['VGonPa/xbrain#121'],
      run: decideAgain,
      expected: { outcome: 'regression', exitCode: 1, says: 'regression (exit 1)' },
    },
    {
      id: 'only-looked-at',
      situation: 'A run with `--no-gate` is taken for one that passed.',
      sources: ['iDiagoValeta/localOllamaRAG#83'],
      run: (desk) => desk.run([...run, ...muteAgent, '--no-gate']),
      expected: {
        outcome: 'unjudged',
        exitCode: 0,
        says: 'no verdict asked for: tasks done 0.0 % (0/12 trials)',
      },
    },
    {
      id: 'report-wanted-in-a-file',
      situation: 'The output is wanted in a file; `| tee` would hide the exit code.',
      sources: ['i-dot-ai/themefinder#119', 'gradbench/gradbench#104', 'dogkeeper886/ollama37#296'],
      run: (desk) =>
        desk.run([...run, ...muteAgent, '-r', 'terminal', '-r', 'markdown:out/report.md']),
      expected: { outcome: 'regression', exitCode: 1, says: 'regression (exit 1)' },
    },
    {
      id: 'report-cannot-be-written',
      situation: 'The file for the report cannot be written.',
      sources: ['Comfy-Org/ComfyUI_frontend#16682', 'actions/dependency-review-action#730'],
      run: (desk) => desk.run([...run, '-r', 'markdown:agent-eval.yaml/report.md']),
      expected: { outcome: 'error', exitCode: 4, says: 'the report cannot be written' },
    },
    {
      id: 'last-set-is-fine',
      situation: 'Of two eval sets the first regresses and the last one is fine.',
      sources: ['EntityProcess/agentv#882', 'microsoft/SkillOpt#174'],
      run: (desk) => desk.run(['run', '-q', 'set', 'other', ...muteAgent], { files: otherSet }),
      expected: { outcome: 'regression', exitCode: 1, says: 'regression (exit 1)' },
    },
  ],
}
