import { markdownCode } from '../text/sanitise-markdown.ts'
import { controlsNotes, hasControlsToTell, safetyWords } from './controls-words.ts'
import type { Section } from './fit-sections.ts'
import { table } from './markdown-table.ts'
import { propensityWords } from './propensity-words.ts'
import { ruleTable } from './rule-table.ts'
import type { Say } from './say.ts'
import type { Subject } from './subject.ts'

const maxId = 80
const sayId: Say = (id) => markdownCode(id, maxId)

/** What the controls did, and how well the rules were kept; without room for it the first sentences. */
export function controlsSection({ controls, metrics }: Subject): Section {
  const name = 'what the controls did'
  if (controls === undefined || !hasControlsToTell(controls)) return { name, text: '' }
  const { isAlarming, text } = safetyWords(controls)
  const safety = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
  const propensity = metrics === undefined ? '' : propensityWords(controls, metrics.asr, sayId)
  const head = paragraphs(['#### Controls', isAlarming ? `**${safety}**` : safety, propensity])
  const rules = ruleTable(controls, sayId)
  const notes = controlsNotes(controls, sayId).map((note) =>
    note.isAlarming ? `- **${note.text}**` : `- ${note.text}`,
  )
  const broken = rules === undefined ? '' : table(rules.head, rules.align, rules.rows)
  const full = paragraphs([head, broken, notes.join('\n')])
  return { name, text: full, short: head, dropOrder: 9 }
}

function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}
