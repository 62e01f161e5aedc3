import type { Journal } from '../replay/journal.ts'
import { candidate as candidateSchema } from '../schema/candidate.ts'
import type { TrialLine } from '../schema/trial.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { ModuleTool } from '../world/module-tool.ts'
import { planRun } from './plan-run.ts'
import { prepareRun } from './run-evalset.ts'

/** One case that is not fit to judge an agent. */
export interface SelfCheckFinding {
  readonly caseId: string
  readonly message: string
}

const unrecorded: Journal = { event: () => undefined, trial: () => undefined }

/** Nobody's configuration: no policy, no budget, every tool. */
const plain = candidateSchema.parse({
  name: 'self-check',
  models: { default: 'reference:' },
  versions: { prompt: 'none', policy: 'none' },
})

/**
 * Plays every case twice without a model: its own oracle must pass, and an agent that does and says
 * nothing must not.
 */
export async function selfCheck(
  evalSet: LoadedEvalSet,
  modules: ReadonlyMap<string, ModuleTool>,
): Promise<readonly SelfCheckFinding[]> {
  const silent = {
    ...evalSet,
    cases: evalSet.cases.map((one) => ({ ...one, oracle: [] })),
  }
  const solved = await playOnce(evalSet, modules)
  const idle = await playOnce(silent, modules)
  return [
    ...solved.filter((line) => line.outcome !== 'pass').map(oracleFails),
    ...solved.filter((line) => (line.violations ?? []).length > 0).map(oracleViolates),
    ...idle.filter((line) => line.outcome === 'pass').map(silencePasses),
  ]
}

async function playOnce(
  evalSet: LoadedEvalSet,
  modules: ReadonlyMap<string, ModuleTool>,
): Promise<readonly TrialLine[]> {
  const plan = planRun({
    run: 'self-check',
    createdAt: '',
    toolVersion: '',
    evalSet,
    cases: evalSet.cases.map((one) => ({ ...one, trials: 1 })),
    candidate: plain,
    trials: 1,
    seed: 0,
    mode: 'enforce',
    options: {},
  })
  const lines: TrialLine[] = []
  const run = await prepareRun(plan, { evalSet, candidate: plain, modules })
  await run({
    journal: unrecorded,
    signal: new AbortController().signal,
    concurrency: 8,
    isFinished: () => false,
    onTrial: (line) => lines.push(line),
  })
  return lines.sort((a, b) => (a.case < b.case ? -1 : 1))
}

function oracleFails(line: TrialLine): SelfCheckFinding {
  const failed = line.grades.find((grade) => grade.status === 'fail')
  const why = failed === undefined ? (line.outcomeReason ?? line.outcome) : failed.reason
  return { caseId: line.case, message: `its own oracle does not pass: ${why}` }
}

function oracleViolates(line: TrialLine): SelfCheckFinding {
  const rules = (line.violations ?? []).map((one) => one.rule).join(', ')
  return { caseId: line.case, message: `its own oracle breaks the judging policy: ${rules}` }
}

function silencePasses(line: TrialLine): SelfCheckFinding {
  return { caseId: line.case, message: 'an agent that does and says nothing passes this case' }
}
