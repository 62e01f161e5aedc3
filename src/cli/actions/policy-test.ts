import { policyTestReporters } from '../../report/policy/test.ts'
import type { PolicyTestResult } from '../../schema/policy-test.ts'
import { commandMeans } from '../candidate/command-means.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import { decideTests } from '../policy/decide-tests.ts'
import { findPolicyTests } from '../policy/find-tests.ts'
import { subjectOpener } from '../policy/open-subject.ts'
import { readPolicyTests } from '../policy/read-tests.ts'
import { chooseAmong, printChosen } from '../print/print-result.ts'
import { redacted } from '../print/redacted.ts'
import { openProject } from '../project.ts'

export interface PolicyTestOptions extends OutputOptions {
  readonly config?: string
  readonly candidate?: string
  readonly verbose?: boolean
}

/** Asks policies about examples, and exits 1 where one of them is decided otherwise than expected. */
export async function policyTestAction(
  files: readonly string[],
  options: PolicyTestOptions,
  io: Io,
): Promise<void> {
  const chosen = chooseAmong(policyTestReporters, options)
  const project = await openProject(options.config, io)
  const read = await readPolicyTests(await findPolicyTests(files, project))
  const { candidate } = options
  const command = commandMeans(project, io)
  const openSubject = subjectOpener({ project, candidate, outside: command.outside })
  const tests = await decideTests(read, openSubject)
  const result: PolicyTestResult = {
    apiVersion: 'agent-eval/v1',
    kind: 'PolicyTestResult',
    tests,
  }
  await printChosen(chosen, { io, options }, (reporter, { colour }) =>
    reporter.render(redacted(result, command), { colour, verbose: options.verbose === true }),
  )
  io.setExitCode(tests.some(({ differs }) => differs.length > 0) ? 1 : 0)
}
