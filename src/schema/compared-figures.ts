import { z } from 'zod'
import { runMetrics } from './run-metrics.ts'

/** Numbers of a run as far as both arms know them, for reports to set side by side. They decide nothing. */
const armFigures = z.strictObject({
  ...runMetrics
    .pick({
      tsr: true,
      utilityUnderAttack: true,
      utilityWithoutAttack: true,
      asr: true,
      asrExposed: true,
      violationRate: true,
      costPerTaskUsd: true,
      costPerSolvedTaskUsd: true,
      passHatK: true,
      latencyMs: true,
      tokensPerTask: true,
      toolCallsPerTask: true,
      modelCallsPerTask: true,
    })
    .partial().shape,
  /** Geometric means over the cases: all that a committed baseline knows of these amounts. */
  typicalTokens: z.number().min(0).optional(),
  typicalToolCalls: z.number().min(0).optional(),
})
export type ArmFigures = z.infer<typeof armFigures>

/**
 * What both arms came to on the cases that they share. Of an arm that ran more cases than these it is
 * not what stands in its own metrics.
 */
export const comparedFigures = z.strictObject({ baseline: armFigures, candidate: armFigures })
export type ComparedFigures = z.infer<typeof comparedFigures>
