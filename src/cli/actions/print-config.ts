import { configReporters } from '../../report/effective-config.ts'
import type { EffectiveConfig } from '../../schema/effective-config.ts'
import { commandMeans } from '../candidate/command-means.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import { chooseAmong, chooseReporters, printChosen } from '../print/print-result.ts'
import { redacted } from '../print/redacted.ts'
import { effectiveSet } from '../print-config/effective-set.ts'
import { isJudged } from '../print-config/why-ungated.ts'
import { evalSetFolders, openProject } from '../project.ts'
import { requireVerdict } from '../run/require-verdict.ts'
import type { RunOptions } from '../run/run-options.ts'
import { version } from '../version.ts'

/**
 * Prints with what the eval sets asked for would be run and judged, and who says so. Runs nothing, and is
 * as strict as a run about everything that one reads.
 */
export async function printConfigAction(
  named: readonly string[],
  options: RunOptions,
  io: Io,
): Promise<void> {
  requireVerdict({ ...options, gate: isJudged(options) })
  const chosen = chooseAmong(configReporters, forConfig(options))
  const project = await openProject(options.config, io)
  const evalSets: EffectiveConfig['evalSets'] = []
  for (const folder of evalSetFolders(project, named)) {
    evalSets.push(await effectiveSet({ project, folder, options, io }))
  }
  const config = redacted(
    { apiVersion: 'agent-eval/v1', kind: 'EffectiveConfig', tool: version, evalSets } as const,
    commandMeans(project, io),
  )
  await printChosen(chosen, { io, options }, (reporter, style) => reporter.render(config, style))
}

/** Reporters that a run has and this has not are values of the run: they are checked, and listed. */
function forConfig(options: RunOptions): OutputOptions {
  chooseReporters(options)
  const { reporter = [], ...others } = options
  const own = reporter.filter((text) => configReporters.has(text.split(':', 1)[0] ?? ''))
  return own.length === 0 ? others : { ...others, reporter: own }
}
