import { alignColumns, cell, wrapped } from './columns.ts'
import { controlsNotes, hasControlsToTell, safetyWords } from './controls-words.ts'
import type { Paint } from './paint.ts'
import { propensityWords } from './propensity-words.ts'
import { ruleTable } from './rule-table.ts'
import { sayInTerminal as say } from './say.ts'
import type { Subject } from './subject.ts'

/** What the controls did, and how well the rules were kept; nothing where there is nothing to say. */
export function controlLines({ controls, metrics }: Subject, paint: Paint): readonly string[] {
  if (controls === undefined || !hasControlsToTell(controls)) return []
  const safety = safetyWords(controls)
  const propensity = metrics === undefined ? '' : propensityWords(controls, metrics.asr, say)
  const rules = ruleTable(controls, say)
  const table = rules === undefined ? [] : [rules.head, ...rules.rows]
  const cells = table.map((row, index) =>
    row.map((text) => cell(text, index === 0 ? 'faint' : undefined)),
  )
  return [
    ...lines(`controls: ${safety.text}`, safety.isAlarming),
    ...(propensity === '' ? [] : lines(propensity, false)),
    ...alignColumns(cells, { align: rules?.align ?? '', paint, indent: 2 }),
    ...controlsNotes(controls, say).flatMap((note) => lines(note.text, note.isAlarming)),
  ]

  function lines(text: string, isAlarming: boolean): readonly string[] {
    return wrapped(text, '    ', '  ').map((line) => paint(isAlarming ? 'bad' : undefined, line))
  }
}
