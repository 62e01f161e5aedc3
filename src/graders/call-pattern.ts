import type { CallPattern } from '../schema/matcher.ts'
import { compileArguments, describePattern, type Mismatch } from './match-arguments.ts'
import type { CallView } from './trial-view.ts'

/** A call pattern of a case, ready to be held against calls. */
export interface CompiledPattern {
  readonly tool: string
  readonly matches: (call: CallView) => boolean
  /** What keeps a call of this tool from matching; empty when it matches. */
  readonly mismatches: (call: CallView) => readonly Mismatch[]
  /** As the case writes it. */
  readonly words: string
}

export function compileCallPattern(pattern: CallPattern): CompiledPattern {
  const check = compileArguments(pattern.args)
  return {
    tool: pattern.tool,
    matches: (call) => call.tool === pattern.tool && check(argsOf(call)).length === 0,
    mismatches: (call) => check(argsOf(call)),
    words: describePattern(pattern),
  }
}

/** What ran: a control may have changed what was proposed. */
function argsOf({ args, passedArgs }: CallView): CallView['args'] {
  return passedArgs ?? args
}

/** The call of the pattern's tool that comes closest to it without matching; the first of equals. */
export function nearestMiss(
  pattern: CompiledPattern,
  calls: readonly CallView[],
): { readonly call: CallView; readonly mismatch: Mismatch } | undefined {
  let nearest: { readonly call: CallView; readonly mismatches: readonly Mismatch[] } | undefined
  for (const call of calls) {
    if (call.tool !== pattern.tool) continue
    const mismatches = pattern.mismatches(call)
    if (mismatches.length === 0) continue
    if (nearest === undefined || mismatches.length < nearest.mismatches.length) {
      nearest = { call, mismatches }
    }
  }
  const mismatch = nearest?.mismatches[0]
  return nearest === undefined || mismatch === undefined
    ? undefined
    : { call: nearest.call, mismatch }
}

/** Where a call stands in the trace: its proposal and, if it came, its result. */
export function evidenceOf(calls: readonly CallView[]): readonly number[] {
  return calls.flatMap((call) =>
    call.resultSeq === undefined ? [call.seq] : [call.seq, call.resultSeq],
  )
}
