import {
  alarmSentence,
  chartStatus,
  constantWords,
  dayOf,
  driftHeading,
  driftValue,
  labelOf,
  marksSentence,
} from '../report/history/drift-words.ts'
import type { DriftChart, DriftReport } from '../schema/drift.ts'
import type { PageData } from '../schema/page-data.ts'
import { type Child, el } from './dom.ts'
import { statusMark } from './mark.ts'
import { nightChart } from './night-chart.ts'
import { type Section, section } from './section.ts'

/** Text nodes hold any text as it is. */
const asIs = (text: string): string => text

/** From night to night: small charts, with the alarms of drift on them. */
export function historySection(): Section {
  return section({
    id: 'history',
    name: 'History',
    heading: 'From night to night',
    pick: (data: PageData) => data.history,
    draw: (report) => (report === undefined ? [] : drawHistory(report)),
  })
}

function drawHistory(report: DriftReport): readonly Child[] {
  const known = report.charts.filter(({ status }) => status !== 'n/a')
  const charts = known.toSorted((a, b) => Number(isDrift(b)) - Number(isDrift(a)))
  return [
    el('p', {}, driftHeading(report)),
    el('div', { class: 'charts' }, ...charts.map((chart) => drawChart(chart, report))),
    marks(report),
  ]
}

function isDrift({ status }: DriftChart): boolean {
  return status === 'drift'
}

function drawChart(chart: DriftChart, report: DriftReport): HTMLElement {
  const { alarms, kind, last, status } = chart
  const state = el(
    'span',
    { class: isDrift(chart) ? 'bad' : 'faint' },
    isDrift(chart) ? statusMark('regression') : undefined,
    status === 'constant' ? constantWords : chartStatus(chart).toLowerCase(),
  )
  const found = alarms.map((alarm) => el('li', {}, alarmSentence(chart, alarm, asIs)))
  return el(
    'figure',
    {},
    el(
      'figcaption',
      {},
      el('b', {}, labelOf(chart)),
      el('span', {}, driftValue(kind, last)),
      state,
    ),
    nightChart(chart, report),
    found.length === 0 ? undefined : el('ul', { class: 'alarms' }, ...found),
  )
}

/** What was different on which night: the first thing to look at beside an alarm. */
function marks({ nights }: DriftReport): HTMLElement | undefined {
  const changed = nights.filter((night) => night.marks.length > 0)
  if (changed.length === 0) return undefined
  const lines = changed.map((night) =>
    el(
      'div',
      {},
      el('dt', {}, `night ${night.night}, ${dayOf(night.at)}`),
      el('dd', {}, marksSentence(night.marks, asIs)),
    ),
  )
  const summary = el('summary', {}, 'What changed on which night')
  return el('details', {}, summary, el('dl', { class: 'facts' }, ...lines))
}
