import { selfCheck } from '../../run-evalset/self-check.ts'
import { printSchema } from '../../suites/print-schema.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { loadModuleTools } from '../module-tools.ts'
import { evalSetFolders, openEvalSet, openProject, type ProjectEvalSet } from '../project.ts'

export interface LintOptions {
  readonly config?: string
  readonly printSchema?: string
}

/** Checks eval sets without a model; exits 1 on findings. */
export async function lintAction(
  named: readonly string[],
  options: LintOptions,
  io: Io,
): Promise<void> {
  if (options.printSchema !== undefined) {
    io.stdout.write(printSchema(options.printSchema))
    return
  }
  const project = await openProject(options.config, io)
  let findings = 0
  for (const folder of evalSetFolders(project, named)) {
    findings += await lintOne(await openEvalSet(project, folder), io)
  }
  io.setExitCode(findings > 0 ? 1 : 0)
}

async function lintOne(evalSet: ProjectEvalSet, io: Io): Promise<number> {
  const found = await selfCheck(evalSet.loaded, await loadModuleTools(evalSet))
  for (const { caseId, message } of found) {
    const place = evalSet.loaded.definitions.get(caseId.replace(/~twin$/, ''))
    const where = place === undefined ? '' : `${place.file}:${place.line}: `
    io.stdout.write(`${terminalLine(`${where}${caseId}: ${message}`)}\n`)
  }
  const cases = `${evalSet.loaded.cases.length} cases`
  const summary =
    found.length === 0
      ? `${cases}: valid, every oracle passes, and doing nothing fails every one`
      : `${cases}, ${found.length} finding${found.length === 1 ? '' : 's'}`
  io.stdout.write(`${terminalLine(`${evalSet.id}: ${summary}`)}\n`)
  return found.length
}
