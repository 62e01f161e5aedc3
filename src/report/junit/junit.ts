import type { SkippedRun } from '../../schema/skipped-run.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { heading } from '../heading.ts'
import { skippedTitle } from '../markdown/skipped-run.ts'
import type { Reporter, ReportInput } from '../reporter.ts'
import { repositoryPath } from '../repository-path.ts'
import { type Say, sayInTerminal } from '../say.ts'
import { type Subject, subjectOf } from '../subject.ts'
import { type TestOutcome, testOutcome } from './test-outcome.ts'
import { type TestRow, testRows } from './test-rows.ts'
import { caseText, fitText } from './test-text.ts'
import { uniqueNames } from './unique-names.ts'
import { element, textElement, type XmlAttributes } from './xml.ts'

/** The verdict as a test of its own: a regression that no single case shows has to be red as well. */
const verdictName = 'agent-eval verdict'

/**
 * JUnit's XML, for hosts that list tests: one test for each case, never for each trial, and one for the
 * verdict. Names say nothing of results, so that a history of them can be joined.
 *
 * There is no standard. What is written is what most tools read; the line of a case and the properties
 * of a test are common and not read by all.
 *
 * @see testmoapp/junitxml
 */
export const junit: Reporter = {
  id: 'junit',
  describes: 'JUnit XML: one test for each case, and one for the verdict',
  render: (input) => {
    const subject = subjectOf(input.result)
    return documentOf(nameOf(subject), [verdictTest(subject), ...caseTests(input)], {
      ...suiteProperties(subject),
    })
  },
}

/** The same of a run that did not have to be made. */
export function skippedJunit(skipped: SkippedRun): string {
  const name = sayInTerminal(skipped.provenance.evalSet.id)
  const outcome: TestOutcome = {
    element: 'skipped',
    type: skipped.why ?? 'unchanged',
    message: skippedTitle(skipped),
  }
  return documentOf(
    name,
    [{ name: verdictName, outcome, attributes: {}, properties: {}, text: '' }],
    {
      'agent-eval.verdict': 'skipped',
    },
  )
}

interface Test {
  readonly name: string
  readonly outcome: TestOutcome | undefined
  readonly attributes: XmlAttributes
  readonly properties: XmlAttributes
  readonly text: string
}

function nameOf({ candidate }: Subject): string {
  return sayInTerminal(candidate.evalSet.id)
}

function verdictTest(subject: Subject): Test {
  const message = heading(subject, sayInTerminal)
  return {
    name: verdictName,
    outcome: outcomeOf(subject.verdict, message),
    attributes: {},
    properties: {},
    text: message,
  }
}

const outcomes = {
  pass: undefined,
  regression: { element: 'failure', type: 'regression' },
  inconclusive: { element: 'skipped', type: 'undecided' },
  error: { element: 'error', type: 'evidence' },
} as const

function outcomeOf(verdict: Verdict | undefined, message: string): TestOutcome | undefined {
  if (verdict === undefined) return { element: 'skipped', type: 'no decision', message }
  const outcome = outcomes[verdict.status]
  return outcome === undefined ? undefined : { ...outcome, message }
}

function caseTests(input: ReportInput): readonly Test[] {
  const rows = testRows(input)
  const { verdict } = input.result
  const moved = new Map(verdict?.cases.moved.map((one) => [one.id, one]))
  const facts = verdict?.facts.filter(({ waivedBy }) => waivedBy === undefined) ?? []
  return rows.map((row) => {
    const ground = {
      verdict,
      moved: moved.get(row.id),
      facts: facts.filter((fact) => fact.kind !== 'limit' && fact.cases.includes(row.id)),
    }
    const seconds = row.stats === undefined ? undefined : secondsOf(row.stats.latenciesMs)
    return {
      name: sayInTerminal(row.id),
      outcome: testOutcome(row, ground),
      attributes: { ...placeOf(row, input), ...(seconds !== undefined && { time: seconds }) },
      properties: caseProperties(row, ground.moved),
      text: caseText(row, ground, input.context),
    }
  })
}

/** Of all scored trials of which the time is known. */
function secondsOf(latenciesMs: readonly number[]): string | undefined {
  if (latenciesMs.length === 0) return undefined
  return (latenciesMs.reduce((sum, one) => sum + one, 0) / 1000).toFixed(3)
}

function placeOf({ stats }: TestRow, { context }: ReportInput): XmlAttributes {
  const file =
    stats?.file === undefined ? undefined : repositoryPath(stats.file, context.repositoryFolder)
  return file === undefined ? {} : { file, line: stats?.line }
}

function caseProperties(
  { passed, scored, stats }: TestRow,
  moved: Verdict['cases']['moved'][number] | undefined,
): XmlAttributes {
  return {
    trials: scored,
    passed,
    ...(moved !== undefined && { baseline: `${moved.baselinePassed}/${moved.baselineScored}` }),
    ...(stats !== undefined && stats.attacked > 0 && { attackSuccesses: stats.attackSuccesses }),
    ...(stats !== undefined && stats.violationTrials > 0 && { violations: stats.violationTrials }),
  }
}

function suiteProperties({ candidate, verdict }: Subject): XmlAttributes {
  const say: Say = sayInTerminal
  const models = [...new Set(Object.values(candidate.candidate.models))].sort()
  return {
    'agent-eval.verdict': verdict?.status ?? 'none',
    ...(verdict !== undefined && { 'agent-eval.exit-code': verdict.exitCode }),
    'agent-eval.version': say(candidate.tool),
    candidate: say(candidate.candidate.name),
    ...(models.length > 0 && { models: models.map(say).join(', ') }),
    evalset: `${say(candidate.evalSet.id)} ${say(candidate.evalSet.version)}`,
    ...(verdict?.baseline !== undefined && { baseline: say(verdict.baseline.from) }),
  }
}

function documentOf(name: string, tests: readonly Test[], properties: XmlAttributes): string {
  const names = uniqueNames(tests.map((test) => test.name))
  const count = (wanted: TestOutcome['element']): number =>
    tests.filter(({ outcome }) => outcome?.element === wanted).length
  const totals = {
    tests: tests.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  }
  const suite = element('testsuite', { name, ...totals }, [
    propertiesElement(properties),
    ...tests.map((test, index) => testElement({ ...test, name: names[index] ?? test.name }, name)),
  ])
  const root = element('testsuites', { name: 'agent-eval', ...totals }, [suite])
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

function testElement({ attributes, name, outcome, properties, text }: Test, suite: string): string {
  const own = { name, classname: suite, ...attributes }
  const isShown = isRed(outcome)
  const shown = fitText(isShown ? withMessage(sayInTerminal(outcome.message), text) : text)
  const result =
    outcome === undefined
      ? []
      : [
          textElement(
            outcome.element,
            { type: outcome.type, message: sayInTerminal(outcome.message) },
            isShown ? shown : '',
          ),
        ]
  return element('testcase', own, [
    ...(Object.keys(properties).length === 0 ? [] : [propertiesElement(properties)]),
    ...result,
    ...(isShown || shown === '' ? [] : [textElement('system-out', {}, shown)]),
  ])
}

function isRed(outcome: TestOutcome | undefined): outcome is TestOutcome {
  return outcome !== undefined && outcome.element !== 'skipped'
}

/** Some hosts show the text alone, so that the message is its first line. */
function withMessage(message: string, text: string): string {
  if (text === '') return message
  return text.startsWith(message) ? text : `${message}\n\n${text}`
}

function propertiesElement(properties: XmlAttributes): string {
  return element(
    'properties',
    {},
    Object.entries(properties).map(([name, value]) => element('property', { name, value })),
  )
}
