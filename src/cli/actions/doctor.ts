import { versions } from 'node:process'
import { doctorReporters } from '../../report/doctor.ts'
import type { DoctorReport } from '../../schema/doctor-report.ts'
import { createRedactor, type Redactor } from '../../text/redact.ts'
import { commandMeans } from '../candidate/command-means.ts'
import { secretValues } from '../candidate/secret-values.ts'
import { checks } from '../doctor/checks.ts'
import { type DoctorContext, openContext } from '../doctor/context.ts'
import { runChecks } from '../doctor/run-checks.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import { nodeOutside } from '../outside/outside.ts'
import { chooseAmong, printChosen } from '../print/print-result.ts'
import { redacted } from '../print/redacted.ts'
import { version } from '../version.ts'

export interface DoctorOptions extends OutputOptions {
  readonly config?: string
  readonly probe?: boolean
}

/**
 * Looks whether a run would work here, and as one thinks. Changes nothing; without `--probe` nothing is
 * sent. Exits 1 where something is wrong that would end a run or mislead its reader.
 */
export async function doctorAction(options: DoctorOptions, io: Io): Promise<void> {
  const chosen = chooseAmong(doctorReporters, options)
  const context = await openContext({
    io,
    outside: nodeOutside(io),
    nodeVersion: versions.node,
    probe: options.probe === true,
    config: options.config,
  })
  const report: DoctorReport = {
    apiVersion: 'agent-eval/v1',
    kind: 'DoctorReport',
    tool: version,
    findings: [...(await runChecks(checks, context))],
  }
  const clean = redacted(report, { redactor: redactorFor(context) })
  await printChosen(chosen, { io, options }, (reporter, style) => reporter.render(clean, style))
  io.setExitCode(report.findings.some(({ status }) => status === 'fail') ? 1 : 0)
}

/** Messages quote files and services, and those may hold anything. */
function redactorFor({ io, project }: DoctorContext): Redactor {
  if (project.ok) return commandMeans(project.value, io).redactor
  return createRedactor({ values: secretValues(io.env) })
}
