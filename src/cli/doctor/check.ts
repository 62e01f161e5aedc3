import { AgentEvalError, type SourcePosition } from '../../errors.ts'
import type { DoctorFinding } from '../../schema/doctor-report.ts'
import type { Problem } from '../../suites/problem.ts'
import { commandPrefix } from '../print/report-context.ts'
import type { DoctorContext } from './context.ts'

/** What one check says of one thing; which check says it stands in the table. */
export type Finding = Omit<DoctorFinding, 'check'>

/** One question about this machine, this checkout or this project. It changes nothing. */
export interface Check {
  readonly id: string
  /** Whatever it throws becomes a `fail` finding; the other checks run all the same. */
  readonly run: (context: DoctorContext) => Promise<readonly Finding[]> | readonly Finding[]
}

/** More problems of one file at once are a wall. */
const mostProblems = 5

/**
 * An error that a run would end with, as findings: one for each problem of a file.
 *
 * @throws the error itself where it is none of ours
 */
export function failuresOf(error: unknown, about?: string): readonly Finding[] {
  if (!(error instanceof AgentEvalError)) throw error
  const subject = about === undefined ? {} : { about }
  const problems = problemsIn(error)
  if (problems.length === 0) {
    const { hint, message, source } = error
    return [{ status: 'fail', ...subject, message, ...placeOf(source), ...fixOf(hint) }]
  }
  const shown = problems.slice(0, mostProblems).map((problem): Finding => {
    const where = problem.path === '' ? '' : `${problem.path}: `
    return {
      status: 'fail',
      ...subject,
      message: where + problem.message,
      ...placeOf(problem),
      ...fixOf(problem.hint),
    }
  })
  const left = problems.length - shown.length
  if (left === 0) return shown
  const message = `and ${left} more ${left === 1 ? 'problem' : 'problems'}`
  return [...shown, { status: 'fail', ...subject, message, fix: `${commandPrefix} lint` }]
}

function placeOf(source: SourcePosition | undefined): Pick<Finding, 'place'> {
  if (source === undefined) return {}
  const { column, file, line } = source
  return {
    place: { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) },
  }
}

function fixOf(hint: string | undefined): Pick<Finding, 'fix'> {
  return hint === undefined ? {} : { fix: hint }
}

/** Those that `problemsError` was made of. */
function problemsIn({ cause }: AgentEvalError): readonly Problem[] {
  return Array.isArray(cause) && cause.every(isProblem) ? cause : []
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'message' in value && 'file' in value
}
