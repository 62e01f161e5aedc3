import type { Verdict } from '../../schema/verdict.ts'
import type { RuleChange } from '../../schema/verdict-findings.ts'
import { plural, whole } from '../format.ts'
import { rulesTouched } from '../notes/verdict-notes.ts'
import { sayInMarkdown as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import type { Section } from './fit-sections.ts'
import { sayId } from './names.ts'
import { table } from './table.ts'

const maxRows = 20
const fewRows = 5

/** Whose value decides now. */
const decides: Readonly<Record<RuleChange['holds'], string>> = {
  change: 'this change, at once',
  base: 'the base, until this is merged',
  here: 'this change: it is stricter',
}

/**
 * Rules and baseline cases that this change brings with it: a loosened gate is read before the verdict
 * is believed.
 */
export function rulesSection({ verdict }: Subject): Section {
  const name = 'rules that this change touches, beyond five'
  const changes = verdict === undefined ? [] : rulesTouched(verdict)
  if (changes.length === 0) return { name, text: '' }
  const rows = changes.map(({ base, here, holds, what }) => [
    sayId(what),
    say(base),
    say(here),
    decides[holds],
  ])
  const upTo = (most: number): string => {
    const rest = rows.length - most
    const more = rest > 0 ? `\n\nand ${whole(rest)} more` : ''
    const body = table(['', 'at the base', 'here', 'what decides'], 'llll', rows.slice(0, most))
    return `#### Rules that this change touches\n\n${body}${more}`
  }
  return { name, text: upTo(maxRows), short: upTo(fewRows), dropOrder: 10 }
}

/** For the end of the heading; empty where the change touches none. */
export function rulesInHeading(verdict: Verdict | undefined): string {
  const changes = verdict?.rules?.changes ?? []
  const files = changes.filter(({ what }) => what.endsWith('.json')).length
  const rules = changes.length - files
  const parts = [
    ...(rules === 0 ? [] : [`${plural(rules, 'rule')} of the gate`]),
    ...(files === 0 ? [] : ['the baseline']),
  ]
  return parts.length === 0 ? '' : `; this change touches ${parts.join(' and ')}`
}
