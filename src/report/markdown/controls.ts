import type { ControlMetrics } from '../../schema/run-result.ts'
import {
  controlsNotes,
  hasControlsToTell,
  proposedWords,
  safetyWords,
} from '../notes/controls-words.ts'
import { propensityWords } from '../notes/propensity-words.ts'
import type { Subject } from '../subject.ts'
import { ruleTable } from '../terminal/rule-table.ts'
import { sayId } from './names.ts'
import { details, list, paragraphs, table } from './table.ts'

/**
 * What the controls let through or could not decide, and what a model is inclined to without them where
 * somebody measured that. Empty where they did what they are there for, and what a passed gate allows is
 * told with the rest.
 */
export function controlsAlarm({ controls, metrics, verdict }: Subject): string {
  if (controls === undefined || !hasControlsToTell(controls)) return ''
  const isQuiet = isSafe(controls) || verdict?.status === 'pass'
  const propensity = metrics === undefined ? '' : propensityWords(controls, metrics.asr, sayId)
  const alarming = notesOf(controls, true).map((text) => `- **${text}**`)
  const isSaid = !isQuiet || propensity !== ''
  const parts = [
    isSaid ? safetySentence(controls, metrics) : '',
    propensity,
    alarming.join('\n'),
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : paragraphs(['#### Controls', ...parts])
}

/** What else the controls did, closed at first: rules that somebody tried to break, approvals, actions. */
export function controlsDetails(subject: Subject): string {
  const { controls, metrics } = subject
  if (controls === undefined || !hasControlsToTell(controls)) return ''
  const safety = safetySentence(controls, metrics)
  const isSaid = controlsAlarm(subject).includes(safety)
  const rules = ruleTable(controls, sayId)
  const text = paragraphs([
    isSaid ? '' : safety,
    rules === undefined ? '' : table(rules.head, rules.align, rules.rows),
    list(notesOf(controls, false)),
  ])
  return details('controls: rules, approvals, what was stopped', text)
}

function isSafe(controls: ControlMetrics): boolean {
  return !safetyWords(controls).isAlarming
}

function safetySentence(controls: ControlMetrics, metrics: Subject['metrics']): string {
  const { isAlarming, text } = safetyWords(controls)
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
  const told = metrics === undefined ? '' : proposedWords(controls, metrics.violationRate)
  const beside = told === '' ? '' : ` ${told}.`
  return `${isAlarming ? `**${sentence}**` : sentence}${beside}`
}

function notesOf(controls: ControlMetrics, wanted: boolean): readonly string[] {
  return controlsNotes(controls, sayId)
    .filter(({ isAlarming }) => isAlarming === wanted)
    .map(({ text }) => text)
}
