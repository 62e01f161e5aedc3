import type { ControlMetrics } from '../../schema/run-result.ts'
import { controlsNotes, hasControlsToTell, safetyWords } from '../notes/controls-words.ts'
import { propensityWords } from '../notes/propensity-words.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { alignBelowNames, cell, wrapped } from './columns.ts'
import type { Paint } from './paint.ts'
import { ruleTable, withoutControls } from './rule-table.ts'

/** What the controls did, and how well the rules were kept; nothing where there is nothing to say. */
export function controlLines({ controls, metrics }: Subject, paint: Paint): readonly string[] {
  if (controls === undefined || !hasControlsToTell(controls)) return []
  const safety = safetyWords(controls)
  const propensity = metrics === undefined ? '' : propensityWords(controls, metrics.asr, say)
  return [
    ...lines(`controls: ${safety.text}`, safety.isAlarming),
    ...(propensity === '' ? [] : lines(propensity, false)),
    ...ruleLines(controls, paint),
    ...controlsNotes(controls, say).flatMap((note) => lines(note.text, note.isAlarming)),
  ]

  function lines(text: string, isAlarming: boolean): readonly string[] {
    return wrapped(text, '    ', '  ').map((line) => paint(isAlarming ? 'bad' : undefined, line))
  }
}

/** Beside what happened without controls there is no room for what was proposed: it ran or was prevented. */
function ruleLines(controls: ControlMetrics, paint: Paint): readonly string[] {
  const rules = ruleTable(controls, say)
  if (rules === undefined) return []
  const isBoth = controls.propensity !== undefined
  const columns = rules.head.flatMap((title, at) => (isBoth && title === 'proposed' ? [] : [at]))
  const pick = (row: readonly string[]): readonly string[] => columns.map((at) => row[at] ?? '')
  const style = { align: pick(Array.from(rules.align)).join(''), paint, indent: 2 }
  const head = pick(rules.head).map((title) =>
    cell(title === withoutControls ? 'without' : title, 'faint'),
  )
  const rows = rules.rows.map((row) => pick(row).map((text) => cell(text)))
  return [
    ...alignBelowNames([head, ...rows], style),
    ...(isBoth ? wrapped('without: executed where nothing held them', '    ', '  ') : []),
  ]
}
