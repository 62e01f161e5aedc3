import { runBin, runBinUntil } from '../../cli/real-process.ts'
import { runCli } from '../../cli/run-cli.ts'
import type { Desk } from '../desk.ts'
import { runInto } from '../real-program.ts'
import type { Chapter, Ended } from '../situation.ts'
import { codedTool, firstRun, muteAgent, run } from '../usual.ts'

const results = 'agent-eval-results'
const longRun = [...run, ...muteAgent, '-n', '100']

async function killed(desk: Desk): Promise<string> {
  const cwd = desk.copy()
  await runBinUntil(longRun, cwd, { signal: 'SIGKILL', trials: 20 })
  return cwd
}

/** The real program on an eval set whose tool is this code. */
function runCode(desk: Desk, code: string): Ended {
  const cwd = desk.copy({ edit: codedTool, files: { 'set/tools.ts': code } })
  const { status, stderr, stdout } = runBin([...firstRun, '--allow-unlinted'], cwd)
  return { exitCode: status, stdout, stderr }
}

async function resume(desk: Desk): Promise<Ended> {
  const { status, stderr, stdout } = runBin([...longRun, '--resume'], await killed(desk))
  return { exitCode: status, stdout, stderr }
}

async function compareKilled(desk: Desk): Promise<Ended> {
  const cwd = desk.copy()
  await runBinUntil([...run, '-n', '100'], cwd, { signal: 'SIGKILL', trials: 20 })
  return runCli(['compare', 'runs/good', desk.only(cwd, results)], { cwd })
}

async function reportKilled(desk: Desk): Promise<Ended> {
  const cwd = await killed(desk)
  return runCli(['report', desk.only(cwd, results)], { cwd })
}

async function acceptKilled(desk: Desk): Promise<Ended> {
  const cwd = await killed(desk)
  return runCli(['baseline', 'update', '--from', desk.only(cwd, results)], { cwd })
}

async function closePipe(desk: Desk): Promise<Ended> {
  const cwd = desk.copy()
  const { exitCode } = await runInto('closed', [...run, ...muteAgent], cwd)
  const kept = await runCli(['report', desk.only(cwd, results)], { cwd })
  return { ...kept, exitCode }
}

export const theProcess: Chapter = {
  title: 'The process ends otherwise than by itself',
  situations: [
    {
      id: 'killed-and-resumed',
      situation: 'The run of a bad agent is killed, and goes on later.',
      sources: ['UKGovernmentBEIS/inspect_ai#2628', 'rjmurillo/ai-agents#1872'],
      run: resume,
      expected: { outcome: 'regression', exitCode: 1, says: 'said nothing (400 trials)' },
    },
    {
      id: 'killed-and-compared',
      situation: 'A run is killed, and what there is of it is compared.',
      sources: ['benyblack/NovaTerminal#410', 'UKGovernmentBEIS/inspect_ai#913'],
      run: compareKilled,
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: 'trials of the candidate have no result',
      },
    },
    {
      id: 'killed-and-reported',
      situation: 'A run is killed, and what there is of it is rendered.',
      sources: ['benyblack/NovaTerminal#410'],
      run: reportKilled,
      expected: { outcome: 'unjudged', exitCode: 0, says: 'no verdict' },
    },
    {
      id: 'killed-and-accepted',
      situation: 'A run is killed, and what there is of it is to become the baseline.',
      sources: ['databricks-solutions/databricks-genie-workbench#232'],
      run: acceptKilled,
      expected: { outcome: 'refused', exitCode: 2, says: 'trials of the run are not finished' },
    },
    {
      id: 'interrupted',
      situation: 'Somebody presses Ctrl-C, or the pipeline is cancelled.',
      sources: ['allenai/OLMo-core#579', 'datenlabor-bmz/evals-for-every-language#32'],
      run: (desk) =>
        desk.run(
          longRun,
          {},
          {
            onListening: (send) => {
              send('SIGINT')
            },
          },
        ),
      expected: {
        outcome: 'interrupted',
        exitCode: 130,
        says: 'finished trials are kept; go on with: npx agent-eval run',
      },
    },
    {
      id: 'code-does-not-load',
      situation: 'The code of a tool does not load.',
      sources: ['get-convex/chef#654'],
      run: async (desk) => runCode(desk, 'export function get( {\n'),
      expected: { outcome: 'refused', exitCode: 2, says: 'set/tools.ts: cannot be loaded' },
    },
    {
      id: 'code-exits',
      situation: 'The code of a tool calls `process.exit(0)`.',
      sources: ['oven-sh/bun#35139'],
      run: async (desk) => runCode(desk, 'export function get() { process.exit(0) }\n'),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: 'something ended the process before its command was done; nothing was decided',
      },
    },
    {
      id: 'code-throws-late',
      situation: 'The code of a tool throws when nobody listens to it any more.',
      sources: ['oven-sh/bun#35139'],
      run: async (desk) =>
        runCode(
          desk,
          'export function get() { setImmediate(() => { throw new Error("late") }); return { result: 1 } }\n',
        ),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: 'something ended the process before its command was done; nothing was decided',
      },
    },
    {
      id: 'reader-goes-away',
      situation: 'The output of a bad run goes into a pipe that nobody reads (`| head -1`).',
      sources: [
        'anomalyco/opencode#41968',
        'heygen-com/hyperframes#1184',
        'JSONbored/loopover#8731',
      ],
      run: closePipe,
      expected: { outcome: 'regression', exitCode: 1, says: 'regression (exit 1)' },
    },
    {
      id: 'disk-full',
      situation: 'The output of a good run goes to a disk that is full.',
      sources: ['oriontech-me/langflow-e2e#1736'],
      needs: '/dev/full',
      run: (desk) => runInto({ file: '/dev/full' }, run, desk.copy()),
      expected: { outcome: 'error', exitCode: 4, says: 'what was printed did not arrive' },
    },
  ],
}
