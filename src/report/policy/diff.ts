import { asJson } from '../../schema/json.ts'
import type { MovedActions, PolicyDiff, PolicyDiffResult } from '../../schema/policy-diff.ts'
import type { PolicyOutcome } from '../../schema/policy-outcome.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import { shellWord } from '../../text/shell-word.ts'
import { plural, whole } from '../format.ts'
import type { RenderStyle } from '../reporter.ts'
import { type Say, sayInTerminal as say } from '../say.ts'
import { wrapped } from '../terminal/columns.ts'
import { type Paint, painter } from '../terminal/paint.ts'
import { happensNow, outcomeTones } from './words.ts'

/** What a document does not say about itself. */
interface PolicyDiffContext {
  /** What every suggested command starts with, such as `npx agent-eval`. */
  readonly commandPrefix: string
}

/** Turns a policy diff into text. Pure: equal input gives equal bytes. */
export interface PolicyDiffReporter {
  readonly id: string
  /** For the help text: what one gets. */
  readonly describes: string
  readonly render: (
    result: PolicyDiffResult,
    context: PolicyDiffContext,
    style?: RenderStyle,
  ) => string
}

/** Groups that a reader takes in; the rest is counted. */
const mostGroups = 12

const terminal: PolicyDiffReporter = {
  id: 'terminal',
  describes: 'text for people: what would be decided otherwise, by which rule, where to look',
  render(result, context, { colour } = { colour: false }) {
    const paint = painter(colour)
    const { candidate, moved, run } = result
    const shown = moved.slice(0, mostGroups)
    const rest = moved.length - shown.length
    const blocks = [
      wrapped(headline(result), '  ', '').map((line) => paint('bold', line)),
      wrapped(`rules of ${say(candidate.name)}, version ${say(candidate.policy)}`, '  '),
      ...shown.map((group) => groupLines(group, { run, paint, ...context })),
      rest > 0 ? [`  and ${plural(rest, 'more group')}; --json has all`] : [],
      [...undecidedNote(result), ...(moved.length > 0 ? [afterwards] : [])].flatMap((text) =>
        wrapped(text, '  '),
      ),
    ]
    const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
    return `${text.join('\n\n')}\n`
  },
}

const json: PolicyDiffReporter = {
  id: 'json',
  describes: 'the document, keys sorted',
  render: (result) => prettyCanonicalJson(asJson(result)),
}

/** The formats of `policy diff`, by id. */
export const policyDiffReporters: ReadonlyMap<string, PolicyDiffReporter> = new Map(
  [terminal, json].map((reporter) => [reporter.id, reporter]),
)

const afterwards =
  'each action is decided as if all before it had gone as recorded; what the agent would have done after another decision is not known'

/** `3 of 412 recorded actions would now be denied, 1 would now be allowed`. */
function headline({ decided, moved, undecided }: PolicyDiff): string {
  if (decided === 0) {
    return undecided === 0
      ? 'the run has no recorded action that rules decide about'
      : 'no recorded action can be decided again'
  }
  if (moved.length === 0) {
    return `none of ${plural(decided, 'recorded action')} would be decided otherwise`
  }
  return sums(moved)
    .map(([now, count], index) => {
      const of = index === 0 ? ` of ${plural(decided, 'recorded action')}` : ''
      return `${whole(count)}${of} would now be ${happensNow[now]}`
    })
    .join(', ')
}

/** How many actions come to what, in the order in which the groups stand, denials first. */
function sums(moved: readonly MovedActions[]): readonly (readonly [PolicyOutcome, number])[] {
  const order: readonly PolicyOutcome[] = ['deny', 'error', 'escalate', 'modify', 'allow']
  return order
    .map((now) => [now, sumOf(moved.filter((group) => group.now === now))] as const)
    .filter(([, count]) => count > 0)
}

function sumOf(groups: readonly MovedActions[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0)
}

/** Texts that cannot be decided again are no agreement. */
export function undecidedNote({ undecided }: PolicyDiff): readonly string[] {
  if (undecided === 0) return []
  const verb = undecided === 1 ? 'was' : 'were'
  return [
    `${plural(undecided, 'action')} ${verb} not decided again: the record does not hold all that was asked then, such as a secret or a world that has changed`,
  ]
}

interface GroupStyle extends PolicyDiffContext {
  readonly run: string
  readonly paint: Paint
}

function groupLines(
  group: MovedActions,
  { commandPrefix, paint, run }: GroupStyle,
): readonly string[] {
  const { count, examples, now, was } = group
  const looks = examples.map((trial) => `${commandPrefix} show ${shellWord(`${run}/${trial}`)}`)
  const head = `now ${now}, was ${was}:`
  const [first = '', ...rest] = wrapped(`${head} ${groupName(group, say)}`, '    ', '  ')
  return [
    first.replace(head, () => paint(outcomeTones[now], head)),
    ...rest,
    `    ${plural(count, 'action')}${looks.length === 0 ? '' : ':'}`,
    ...looks.map((line) => `      ${line}`),
  ]
}

/** `refund_cap on payments.issue_refund`. */
export function groupName({ kind, rules, tool }: MovedActions, sayIt: Say): string {
  const subjects = { call: 'calls', reply: 'replies to the user', log: "the agent's log" }
  const on = tool === undefined ? subjects[kind] : sayIt(tool)
  return `${rules.length === 0 ? 'no rule' : rules.map(sayIt).join(', ')} on ${on}`
}
