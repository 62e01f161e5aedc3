import { AgentEvalError } from '../../errors.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'

/** What the plan says of a case and each line of it says again, in words. */
const repeated = {
  cluster: 'cluster',
  layer: 'layer',
  twinOf: 'case that it is the twin of',
} as const
const repeatedNames = Object.keys(repeated) as readonly (keyof typeof repeated)[]

/**
 * Holds the lines of a run against its plan as they are read: each is of a trial that was planned, made
 * with the definition it was planned with, and stands there once. Lines of two runs in one file would
 * otherwise count for one agent.
 *
 * @param file - as messages call it
 * @returns to be called with each line; throws AgentEvalError (input) for one that does not belong
 */
export function plannedLines(
  { cases, options }: Pick<RunManifest, 'cases' | 'options'>,
  file: string,
): (line: TrialLine) => void {
  const planned = new Map(cases.map((one) => [one.id, one]))
  const seen = new Set<string>()
  const stray = (line: TrialLine): string | undefined => {
    const known = planned.get(line.case)
    if (known === undefined || line.trial > known.trials) return 'was not planned'
    if (line.definitionHash !== known.definitionHash) return 'is of another definition of its case'
    // What is a twin is never gated, and what shares a cluster counts once.
    const other = repeatedNames.find((name) => line[name] !== known[name])
    if (other !== undefined) return `has another ${repeated[other]} than was planned`
    return isOfMode(line, options['mode']) ? undefined : 'is of another mode'
  }
  return (line) => {
    const key = formatTrialKey(line)
    const why = stray(line) ?? (seen.has(key) ? 'stands there twice' : undefined)
    if (why !== undefined) {
      throw new AgentEvalError(`trial ${key} ${why}`, 'input', {
        source: { file },
        hint: 'the file holds lines of more than one run, or was edited; run again',
      })
    }
    seen.add(key)
  }
}

function isOfMode({ mode }: TrialLine, planned: unknown): boolean {
  return planned === undefined || planned === 'both' || planned === mode
}
