import type { ControlDecision } from '../../controls/control-decision.ts'
import type { PolicyQuestion } from '../../controls/policy-engine.ts'
import { outcomeOf } from '../../replay/policy-outcome.ts'
import {
  type DecidedTest,
  expectationOf,
  type PolicyTest,
  type SaidByControl,
} from '../../schema/policy-test.ts'
import { below, type Problem } from '../../suites/problem.ts'
import { problemsError } from '../../suites/render-problems.ts'
import { differences } from './compare-decision.ts'
import type { OpenSubject, PolicySubject } from './open-subject.ts'
import type { ReadTests, TestDocument } from './read-tests.ts'
import { questionOf } from './test-question.ts'

/** A test that can be asked. */
interface ReadyTest {
  readonly document: TestDocument
  readonly index: number
  readonly test: PolicyTest
  readonly question: PolicyQuestion
  readonly ask: PolicySubject['ask']
}

/**
 * Asks every test, in the order of files and lines. Whatever is wrong with the files is told at once,
 * before any policy is asked.
 *
 * @throws AgentEvalError (input) with every problem of all files
 */
export async function decideTests(
  { documents, problems }: ReadTests,
  openSubject: OpenSubject,
): Promise<DecidedTest[]> {
  const found: Problem[] = [...problems]
  const ready: ReadyTest[] = []
  for (const document of documents) {
    const subject = await openSubject(document)
    for (const [index, test] of document.value.tests.entries()) {
      const asked = questionOf(test, subject)
      if (asked.ok)
        ready.push({ document, index, test, question: asked.question, ask: subject.ask })
      else found.push(...below(['tests', index], asked.findings).map(document.source.problem))
    }
  }
  if (found.length > 0) throw problemsError(found)
  const decided: DecidedTest[] = []
  for (const one of ready) decided.push(decidedTest(one, await one.ask(one.question)))
  return decided
}

function decidedTest(
  { document: { found, source }, index, question, test }: ReadyTest,
  said: readonly ControlDecision[],
): DecidedTest {
  const { action, output, stage } = question
  const expected = expectationOf(test.expect)
  return {
    name: test.name,
    file: found.shown,
    line: source.lineOf(['tests', index]),
    stage,
    ...(action !== undefined && { tool: action.tool }),
    subject: output ?? action?.args ?? null,
    expected,
    decided: outcomeOf(said),
    differs: [...differences(said, { expected, modified: test.modified })],
    said: said.map(saidByControl),
  }
}

function saidByControl(said: ControlDecision): SaidByControl {
  const { alert, engine, modified, rules, source, version } = said
  return {
    source,
    ...(engine !== undefined && { engine }),
    ...(version !== undefined && { version }),
    decision: outcomeOf([said]),
    rules: [...rules],
    ...(alert !== undefined && { alert }),
    ...(modified !== undefined && { modified }),
  }
}
