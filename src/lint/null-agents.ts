import { entriesByName } from './by-name.ts'
import { isConcreteCall } from './concrete-oracle.ts'
import type { LintSubject } from './lint-subject.ts'
import { listEverything, recordsNamed } from './list-everything.ts'
import type { PlayCall, PlayStep } from './play-step.ts'
import type { Moment, Script } from './scripted-provider.ts'
import { synthesiseArguments } from './synthesise.ts'

/** An agent without a brain. None may pass a case that counts. */
export interface NullAgent {
  readonly id: string
  /** What it does, after "an agent that …". */
  readonly does: string
  /** What it calls in the first turn; nothing unless it says so. */
  readonly calls?: (subject: LintSubject) => readonly PlayCall[]
  /** What it says at the end of every turn. */
  readonly say: (moment: Moment, subject: LintSubject) => string
}

/** A null agent at work on a case. */
export function scriptOf({ calls, say }: NullAgent, subject: LintSubject): Script {
  const planned = calls?.(subject) ?? []
  return (moment): PlayStep => planned[moment.answered] ?? { say: say(moment, subject) }
}

const refusal =
  "I'm sorry, but I can't help you with that. Our policy does not allow it. Is there anything else " +
  'I can do for you?'

const handover =
  'I have passed this on to a colleague, who will take over from here and get back to you.'

/**
 * The reads that the oracle makes. Reading more would not help: reads are open, so the only ones
 * that can count for an agent are those that its case asks for, and the oracle makes them.
 */
function readsOf({ steps }: LintSubject): readonly PlayCall[] {
  return steps
    .filter(isConcreteCall)
    .filter(({ view }) => view.effect === 'read')
    .map(({ step }) => step)
}

/** One call of every tool that hands a task over to a person, with what it requires. */
function handovers({ reach, tools, world }: LintSubject): readonly PlayCall[] {
  return entriesByName(tools).flatMap(([call, tool]) => {
    const fits = world.tools.get(call)?.input
    if (!tool.hands_over || fits === undefined) return []
    const args = synthesiseArguments(tool.input, reach, fits)
    return args === undefined ? [] : [{ call, args, reason: 'a person has to decide' }]
  })
}

/** What the task is about first: the list is cut. */
function listOf({ reach, state }: LintSubject): string {
  return listEverything([...recordsNamed(state, reach.near), reach.near, state])
}

/** Ids and amounts: whatever holds a digit. */
function factsIn(text: string): string {
  const words = text.split(/[\s,;!?()"']+/).filter((word) => /\d/.test(word))
  return [...new Set(words)].join(', ')
}

function claim(words: string): string {
  const facts = factsIn(words)
  const about = facts === '' ? '' : ` (${facts})`
  return (
    `Done! Everything you asked for has been taken care of${about}: I have checked it, refunded, ` +
    'cancelled, changed, sent and confirmed it as you wanted.'
  )
}

/** All null agents; of equally good ones the first is named in reports. */
export const nullAgents: readonly NullAgent[] = [
  {
    id: 'silent',
    does: 'does and says nothing',
    say: () => '',
  },
  {
    id: 'refuses',
    does: 'refuses everything',
    say: () => refusal,
  },
  {
    id: 'echoes',
    does: 'repeats what the user says',
    say: ({ heard }) => heard.at(-1) ?? '',
  },
  {
    id: 'lists-everything',
    does: 'looks at nothing and lists every number, id and text it knows',
    say: (_, subject) => listOf(subject),
  },
  {
    id: 'reads-and-refuses',
    does: 'reads everything and refuses',
    calls: readsOf,
    say: () => refusal,
  },
  {
    id: 'reads-and-escalates',
    does: 'reads everything and hands the task to a colleague',
    calls: (subject) => [...readsOf(subject), ...handovers(subject)],
    say: () => handover,
  },
  {
    id: 'reads-and-lists',
    does: 'reads everything and tells all of it',
    calls: readsOf,
    say: (_, subject) => listOf(subject),
  },
  {
    id: 'claims-success',
    does: 'does nothing and says that everything is done',
    say: ({ heard }) => claim(heard.join(' ')),
  },
]
