import { lintReporters } from '../../report/lint/registry.ts'
import type { Io } from '../io.ts'
import { type Linted, lintFolder } from '../lint/lint-cache.ts'
import { describeEffort } from '../lint/lint-effort.ts'
import { selectFindings } from '../lint/lint-selection.ts'
import type { OutputOptions } from '../options.ts'
import { chooseAmong, printChosen } from '../print/print-result.ts'
import { commandPrefix } from '../print/report-context.ts'
import { isInCi, writeText } from '../print/write-text.ts'
import { evalSetFolders, openEvalSet, openProject, type Project } from '../project.ts'
import { version } from '../version.ts'

export interface LintOptions extends OutputOptions {
  readonly config?: string
  readonly case?: readonly string[]
  readonly cache: boolean
  readonly verbose?: boolean
  readonly explain?: readonly string[]
  readonly printSchema?: string
}

/** Can every case of the eval sets fail? Without a model; exits 1 on findings. */
export async function lintAction(
  named: readonly string[],
  options: LintOptions,
  io: Io,
): Promise<void> {
  if (options.printSchema !== undefined) {
    const { printSchema } = await import('../../suites/print-schema.ts')
    io.stdout.write(printSchema(options.printSchema))
    return
  }
  const chosen = chooseAmong(lintReporters, options)
  const startMs = io.nowMs()
  const project = await openProject(options.config, io)
  const folders = evalSetFolders(project, named)
  if (options.explain !== undefined) {
    await explain(options.explain, { project, folders, asJson: options.json === true }, io)
    return
  }
  const linted: Linted[] = []
  for (const folder of folders) {
    linted.push(await lintFolder({ project, folder, afresh: !options.cache || isInCi(io) }))
  }
  if (options.quiet !== true) io.stderr.write(`${describeEffort(linted, io.nowMs() - startMs)}\n`)

  const sets = selectFindings(linted, options.case)
  await printChosen(chosen, { io, options }, (reporter, { colour }) =>
    reporter.render(
      { sets, commandPrefix, toolVersion: version },
      { colour, verbose: options.verbose === true },
    ),
  )
  io.setExitCode(sets.some(({ result }) => result.findings.length > 0) ? 1 : 0)
}

async function explain(
  wanted: readonly string[],
  { asJson, folders, project }: Explaining,
  io: Io,
): Promise<void> {
  const { explainCases, explainedJson, renderExplained } = await import('../lint/lint-explain.ts')
  const opened = await Promise.all(folders.map((folder) => openEvalSet(project, folder)))
  const cases = explainCases(
    wanted,
    opened.map(({ loaded }) => loaded),
  )
  if (asJson) io.stdout.write(explainedJson(cases))
  else writeText(io, renderExplained(cases))
}

interface Explaining {
  readonly project: Project
  readonly folders: readonly string[]
  readonly asJson: boolean
}
