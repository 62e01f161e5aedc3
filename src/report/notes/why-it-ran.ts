import type { JsonValue } from '../../schema/json.ts'
import type { EventOf, TraceEvent } from '../../schema/trace.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { type CallStory, callStories, changedWords, type WordsStory } from '../policy/stories.ts'
import { actionFacts, approvalText, controlName, ruleText } from '../policy/words.ts'
import { sayInTerminal as say } from '../say.ts'
import { wrapped } from '../terminal/columns.ts'
import type { Paint } from '../terminal/paint.ts'

/** Longest form of arguments or a result. */
const maxForm = 240

/**
 * Why each action was let happen: for every executed call that writes, or that some control has
 * something against, each control's answer, each approval, and the form in which it ran.
 */
export function whyItRan(events: readonly TraceEvent[], paint: Paint): readonly string[] {
  return callStories(events)
    .filter((story) => story.result?.executed === true)
    .filter((story) => story.proposed.effect !== 'read' || speaksAgainst(story))
    .flatMap((story) => [
      headLine(story, paint),
      ...bodyLines([...saidOf(story), ...formOf(story)]),
    ])
}

/** The same for every call that a control stopped, with what the agent was told. */
export function whyItDidNotRun(events: readonly TraceEvent[], paint: Paint): readonly string[] {
  return callStories(events)
    .filter(({ result }) => result?.executed === false && result.status === 'blocked')
    .flatMap((story) => [
      headLine(story, paint),
      ...bodyLines([...saidOf(story), ...toldOf(story)]),
    ])
}

/** The same for every reply and log line that a control kept back or changed. */
export function whyItWasNotSaid(events: readonly TraceEvent[], paint: Paint): readonly string[] {
  return changedWords(events).flatMap((story) => [
    `  ${paint('bold', `step ${story.seq}  ${wordsOf[story.kind]}`)}`,
    ...bodyLines([...story.decisions.flatMap(decisionLines), whatArrived(story)]),
  ])
}

const wordsOf: Readonly<Record<WordsStory['kind'], string>> = {
  reply: 'a reply to the user',
  log: "a line of the agent's log",
}

function whatArrived({ isWithheld, kind }: WordsStory): string {
  const where = kind === 'reply' ? 'the user' : 'the log'
  return isWithheld ? `${where} never received it` : `${where} received it in another form`
}

function speaksAgainst({ decisions }: CallStory): boolean {
  return decisions.some(({ decision }) => decision !== 'allow')
}

function headLine({ proposed }: CallStory, paint: Paint): string {
  const name = paint('bold', `step ${proposed.seq}  ${say(proposed.tool)}`)
  return `  ${name} (${actionFacts(proposed, say)})`
}

/** Each text on lines of its own; one that begins with a dash belongs to the one before. */
function bodyLines(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) =>
    text.startsWith('- ') ? wrapped(text, '        ', '      ') : wrapped(text, '      ', '    '),
  )
}

function saidOf({ approvals, decisions, proposed, result }: CallStory): readonly string[] {
  const own = decisions.filter(({ source }) => source !== 'judging')
  const stated =
    proposed.reason === undefined ? [] : [`its stated reason: "${say(proposed.reason)}"`]
  const isUncovered = own.length === 0 && result?.executed === true
  const judged = decisions.filter(({ source }) => source === 'judging')
  return [
    ...(proposed.fallback === true ? ["proposed by the candidate's fallback"] : []),
    ...stated,
    ...(isUncovered ? ['no rule covers it, and no control refused it'] : []),
    ...own.flatMap(decisionLines),
    ...approvals.map((approval) => approvalText(approval, say)),
    ...(own.some(isOnlyObserved) ? ['it ran all the same: the controls only observed'] : []),
    ...judged.flatMap(decisionLines),
  ]
}

function isOnlyObserved({ decision, enforced }: EventOf<'policy.decision'>): boolean {
  return !enforced && (decision === 'deny' || decision === 'escalate')
}

/** One control's answer; several rules stand one below the other. */
function decisionLines(event: EventOf<'policy.decision'>): readonly string[] {
  const { decision, rules } = event
  const head = `${decision} by ${controlName(event)}${notesOn(event)}`
  const [only, ...more] = rules.toSorted(
    (a, b) => Number(b.decision === decision) - Number(a.decision === decision),
  )
  if (only === undefined) return [head]
  if (more.length === 0) return [`${head}: ${ruleText(only, decision, say)}`]
  return [head, ...[only, ...more].map((rule) => `- ${ruleText(rule, decision, say)}`)]
}

function notesOn({
  alert,
  enforced,
  fallback,
  ofModified,
  source,
  version,
}: EventOf<'policy.decision'>): string {
  const notes = [
    ...(version === undefined || source === 'judging' ? [] : [`version ${say(version)}`]),
    ...(ofModified === true ? ['of the form that passed'] : []),
    ...(source === 'judging' ? ['it judges and never stops'] : []),
    ...(source !== 'judging' && !enforced ? ['recorded only'] : []),
    ...(alert === true ? ['raises an alert'] : []),
    ...(fallback === true ? ['the fallback takes over'] : []),
  ]
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
}

/** In which form it ran, what of its answer arrived, and what the agent was told beside it. */
function formOf({ decisions, notices, proposed, result }: CallStory): readonly string[] {
  const forms = decisions.flatMap(({ enforced, modified }) => {
    if (!enforced || modified === undefined) return []
    const isOfResult = result?.value !== undefined && isSame(modified, result.value)
    const what = isOfResult ? 'its result reached the agent as' : 'it ran with'
    const before = isOfResult ? '' : ` in place of ${formText(proposed.args)}`
    return [`${what} ${formText(modified)}${before}`]
  })
  const isWithheld = result?.status === 'blocked'
  return [
    ...forms,
    ...(isWithheld ? ['it ran, and its result was kept from the agent'] : []),
    ...notices.map(({ text }) => `beside the result the agent was told: ${say(text)}`),
  ]
}

function toldOf({ notices, result }: CallStory): readonly string[] {
  const error = result?.error
  return [
    ...(error === undefined
      ? []
      : [`the agent was told: ${say(error.code)}: ${say(error.message)}`]),
    ...notices.map(({ text }) => `and: ${say(text)}`),
  ]
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

function formText(value: JsonValue): string {
  return terminalLine(canonicalJson(value), maxForm)
}
