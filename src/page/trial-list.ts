import { duration, plural, usd } from '../report/format.ts'
import type { PageTrial } from '../schema/page-data.ts'
import { type Child, el } from './dom.ts'
import { outcomeMark } from './mark.ts'
import { type Route, routeHash, withoutStep } from './route.ts'

/** The trials of one case, as far as they are on the page. */
export interface CaseTrials {
  readonly trials: readonly PageTrial[]
  /** The case was compared with a baseline, whether its trials are here or not. */
  readonly hasBaseline: boolean
}

/** The trials of one case, both arms, with links to read each and to set two side by side. */
export function trialList({ hasBaseline, trials }: CaseTrials, route: Route): readonly Child[] {
  const lists = (['candidate', 'baseline'] as const).flatMap((arm) => {
    const ofArm = trials.filter((trial) => trial.arm === arm)
    if (ofArm.length === 0) return []
    const lines = ofArm.map((trial) => trialNode(trial, route))
    return [el('h2', {}, arm), el('ol', { class: 'trials' }, ...lines)]
  })
  const isMissing = hasBaseline && !trials.some(({ arm }) => arm === 'baseline')
  return [
    route.trial === undefined ? offer(trials, route) : undefined,
    ...lists,
    isMissing ? wayToBaseline() : undefined,
  ]
}

/** A baseline that is a file of counts has no trials, and the reader of a worse case looks for them. */
function wayToBaseline(): HTMLElement {
  return el(
    'p',
    { class: 'offer faint' },
    'The trials of the baseline are not on this page. To read them beside these: ',
    el('code', {}, 'npx agent-eval view RUN --baseline RUN-BEFORE'),
  )
}

/** What most readers want of a case that moved: a trial of each arm, side by side. */
function offer(trials: readonly PageTrial[], route: Route): Child {
  const readable = trials.filter(({ hasTrace }) => hasTrace)
  const ofCandidate = readable.filter(({ arm }) => arm === 'candidate')
  const left = ofCandidate.find(({ outcome }) => outcome === 'fail') ?? ofCandidate[0]
  const right = readable.find(({ arm }) => arm === 'baseline')
  if (left === undefined || right === undefined) return undefined
  const words = `Compare candidate ${left.name} with baseline ${right.name}`
  const hash = routeHash({ ...route, trial: left.key, with: right.key })
  return el('p', { class: 'offer' }, el('a', { href: hash }, words))
}

function trialNode(trial: PageTrial, route: Route): HTMLElement {
  const { key, outcome } = trial
  const isRead = route.trial === key
  const canCompare = trial.hasTrace && route.trial !== undefined && !isRead
  return el(
    'li',
    { class: isRead ? 'read' : undefined },
    outcomeMark(outcome),
    el(
      'div',
      {},
      nameNode(trial, isRead),
      el('span', { class: 'outcome' }, outcome),
      canCompare ? compareLink(trial, route) : undefined,
    ),
    el('p', { class: 'faint amounts' }, amounts(trial)),
    ...(route.trial === undefined ? whyNodes(trial) : []),
  )
}

function nameNode(trial: PageTrial, isRead: boolean): HTMLElement {
  const { hasTrace, key, name } = trial
  if (!hasTrace) return el('span', { title: 'its trace is not on this page' }, name)
  const href = routeHash({ case: trial.case, trial: key })
  return el('a', { href, 'aria-current': isRead ? 'true' : undefined }, name)
}

/** Beside a trial that is read, its checks say it. */
function whyNodes({ harm, reason }: PageTrial): readonly Child[] {
  return [
    harm === undefined ? undefined : el('p', { class: 'bad' }, harm),
    reason === undefined ? undefined : el('p', { class: 'reason' }, reason),
  ]
}

function compareLink({ arm, key, name }: PageTrial, shown: Route): HTMLElement {
  const words = `compare with ${arm} ${name}`
  const hash = routeHash({ ...withoutStep(shown), with: key })
  return el('a', { class: 'compare', href: hash, 'aria-label': words }, 'compare')
}

function amounts({ costUsd, latencyMs, toolCalls }: PageTrial): string {
  const parts = [
    plural(toolCalls, 'tool call'),
    ...(costUsd === undefined ? [] : [usd(costUsd)]),
    ...(latencyMs === undefined ? [] : [duration(latencyMs)]),
  ]
  return parts.join(', ')
}
