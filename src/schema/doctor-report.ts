import { z } from 'zod'
import { apiVersion } from './names.ts'

/**
 * `fail`: a run here ends in an error, or decides by something else than its reader thinks. `warn`: it
 * runs, and may surprise. `skipped`: nobody looked, and the message says why.
 */
export const findingStatus = z.enum(['fail', 'warn', 'ok', 'skipped'])
export type FindingStatus = z.infer<typeof findingStatus>

/** What one check found about one thing. */
const doctorFinding = z.strictObject({
  /** Id of the check. */
  check: z.string(),
  status: findingStatus,
  /** Which eval set, model or service; absent: the project, or this machine. */
  about: z.string().optional(),
  message: z.string(),
  /** Where the fault stands. */
  place: z
    .strictObject({
      file: z.string(),
      line: z.int().positive().optional(),
      column: z.int().positive().optional(),
    })
    .optional(),
  /** What would mend it, to be pasted where it can be. */
  fix: z.string().optional(),
})
export type DoctorFinding = z.infer<typeof doctorFinding>

/** What `agent-eval doctor --json` prints. It is about one machine at one time, and compared with nothing. */
export const doctorReport = z.strictObject({
  apiVersion,
  kind: z.literal('DoctorReport'),
  /** The version that looked. */
  tool: z.string(),
  /** In the order in which they are best mended. */
  findings: z.array(doctorFinding),
})
export type DoctorReport = z.infer<typeof doctorReport>
