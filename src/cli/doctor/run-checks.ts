import type { DoctorFinding } from '../../schema/doctor-report.ts'
import { type Check, type Finding, failuresOf } from './check.ts'
import type { DoctorContext } from './context.ts'

/**
 * Runs every check, in the order of the table, whatever becomes of the others.
 *
 * They run one after the other: several ask git and start programs, and what they find is read from the
 * top.
 */
export async function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
): Promise<readonly DoctorFinding[]> {
  const findings: DoctorFinding[] = []
  for (const { id, run } of checks) {
    const found = await findingsOf(run, context)
    findings.push(...found.map((one) => ({ check: id, ...one })))
  }
  return findings
}

async function findingsOf(run: Check['run'], context: DoctorContext): Promise<readonly Finding[]> {
  try {
    return await run(context)
  } catch (error) {
    return failureOf(error)
  }
}

/** A fault of ours must not hide what the other checks find. */
function failureOf(error: unknown): readonly Finding[] {
  try {
    return failuresOf(error)
  } catch {
    const message = error instanceof Error ? error.message : String(error)
    return [
      {
        status: 'fail',
        message: `this could not be found out: ${message}`,
        fix: 'this is a fault of agent-eval: please report it with this line',
      },
    ]
  }
}
