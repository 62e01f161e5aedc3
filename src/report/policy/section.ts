import type { MovedActions, PolicyDiff } from '../../schema/policy-diff.ts'
import type { Comparison, RunResult } from '../../schema/run-result.ts'
import { markdownCode } from '../../text/sanitise-markdown.ts'
import { plural, whole } from '../format.ts'
import type { Section } from '../markdown/fit-sections.ts'
import { details, list } from '../markdown/table.ts'
import { type Say, sayInTerminal } from '../say.ts'
import { wrapped } from '../terminal/columns.ts'
import type { Paint } from '../terminal/paint.ts'
import { changeText } from './change-text.ts'
import { groupName, undecidedNote } from './diff.ts'
import { didToAction, happensNow } from './words.ts'

const mostGroups = 6
const mostChanges = 8
const maxText = 160

/** What a changed policy means for recorded actions; nothing where it is the baseline's. */
export function policyLines(result: RunResult | Comparison, paint: Paint): readonly string[] {
  const diff = diffOf(result)
  if (diff === undefined) return []
  const tone = isLooser(diff) ? 'bad' : 'warn'
  return [
    ...wrapped(headline(diff), '    ', '  ').map((line) => paint(tone, line)),
    ...notes(diff, sayInTerminal).flatMap((text) => wrapped(text, '      ', '    ')),
  ]
}

/** The same for a pull request, all but its first sentence closed; without room for it, that sentence. */
export function policySection(result: RunResult | Comparison): Section {
  const name = 'what the changed policy means'
  const diff = diffOf(result)
  if (diff === undefined) return { name, text: '' }
  const first = headline(diff)
  const head = `#### Policy\n\n${isLooser(diff) ? `**${first}**` : first}`
  const closed = details('which rules, and which actions', list(notes(diff, inCode)))
  const text = closed === '' ? head : `${head}\n\n${closed}`
  return { name, text, short: head, dropOrder: 8 }
}

const inCode: Say = (text) => markdownCode(text, maxText)

function diffOf(result: RunResult | Comparison): PolicyDiff | undefined {
  return result.kind === 'RunResult' ? result.policyDiff : undefined
}

/** Something that was stopped is let through now. */
function isLooser({ moved }: PolicyDiff): boolean {
  return moved.some(({ now }) => now === 'allow' || now === 'modify')
}

/** All of it is ours: no foreign word stands in it. */
function headline({ decided, moved, unknown }: PolicyDiff): string {
  if (unknown !== undefined) {
    return 'The policy changed; what that means for recorded actions is not known.'
  }
  if (moved.length === 0) {
    return `The policy changed: none of ${plural(decided, 'recorded action')} is decided otherwise.`
  }
  const kinds = new Map<string, MovedActions>()
  for (const group of moved) {
    const key = `${group.was} ${group.now}`
    const known = kinds.get(key)
    kinds.set(key, known === undefined ? group : { ...known, count: known.count + group.count })
  }
  const parts = [...kinds.values()].map(({ count, now, was }) => {
    const verb = count === 1 ? 'is' : 'are'
    return `${whole(count)} that the old rules ${didToAction[was]} ${verb} now ${happensNow[now]}`
  })
  return `The policy changed: of ${plural(decided, 'recorded action')}, ${parts.join('; ')}.`
}

function notes(diff: PolicyDiff, say: Say): readonly string[] {
  const { changes = [], moved, old, unknown } = diff
  return [
    ...(unknown === undefined ? [`old rules: ${say(old)}; actions of ${say(diff.actions)}`] : []),
    ...(unknown === undefined ? [] : [`why: ${say(unknown)}`]),
    ...firstOf(
      changes.map((change) => changeText(change, say)),
      mostChanges,
    ),
    ...firstOf(
      moved.map((group) => groupText(group, say)),
      mostGroups,
    ),
    ...undecidedNote(diff),
  ]
}

function groupText(group: MovedActions, say: Say): string {
  const { count, examples, now, was } = group
  const such = examples.length === 0 ? '' : `, such as ${examples.map(say).join(', ')}`
  return `${groupName(group, say)}: ${whole(count)} from ${was} to ${now}${such}`
}

function firstOf(texts: readonly string[], most: number): readonly string[] {
  const rest = texts.length - most
  return rest > 0 ? [...texts.slice(0, most), `and ${rest} more`] : texts
}
