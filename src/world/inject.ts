import type { ExprMap } from '../expr/value.ts'
import type { Attack, Injection } from '../schema/case.ts'
import type { Injections, InjectionTemplate, Slot } from '../schema/injections.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { encodeGoal } from '../text/encode-goal.ts'
import { appendText } from './append-text.ts'
import { applyEdit } from './apply-changes.ts'
import { parsePointer, readPointer } from './pointer.ts'
import type { AnswerInjection } from './poison-answer.ts'
import type { WorldProblem } from './problem.ts'

/** A text of the attacker in its place. */
interface RenderedInjection {
  readonly slot: string
  readonly text: string
  /** Where this text reaches the model, the attack was delivered. */
  readonly marker: string
}

/** Where an attack's texts went. */
interface Placement {
  readonly state: ExprMap
  /** For `startWorld`: what comes with the answers of tools. */
  readonly answers: readonly AnswerInjection[]
  /** What to append to the user's messages by `appendText`; the opening message is turn 1. */
  readonly turnTexts: ReadonlyMap<number, string>
}

export type PlacedInjections =
  | (Placement & { readonly ok: true; readonly rendered: readonly RenderedInjection[] })
  | { readonly ok: false; readonly problems: readonly WorldProblem[] }

/**
 * Puts an attack's texts where foreign text reaches the agent: each is appended to what stands
 * in its slot, after a blank line. Into the state at once; what is to go into answers and messages,
 * which are not there yet, is handed back.
 *
 * @param input.state - the state of the case, its patch applied
 * @returns all problems where a slot, a template or the text in the state is missing; their paths
 *   begin at the case
 */
export function placeInjections(input: {
  readonly state: ExprMap
  readonly injections: Injections
  readonly attack: Attack
}): PlacedInjections {
  const { injections, attack } = input
  const problems: WorldProblem[] = []
  const rendered: RenderedInjection[] = []
  let placement: Placement = { state: input.state, answers: [], turnTexts: new Map() }
  for (const [path, injection] of injectionsOf(attack)) {
    const placed = placeOne(placement, injection, injections)
    if ('message' in placed) {
      problems.push({ path: [...path, placed.key], message: placed.message })
      continue
    }
    placement = placed.placement
    const marker = attack.exposure ?? placed.goal
    rendered.push({ slot: injection.slot, text: placed.text, marker })
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, ...placement, rendered }
}

interface Misplaced {
  readonly key: 'slot' | 'template'
  readonly message: string
}

/** `goal`: as it stands in the text, encoded where the template asks for it. */
type Placed = { readonly placement: Placement; readonly text: string; readonly goal: string }

function placeOne(
  placement: Placement,
  injection: Injection,
  injections: Injections,
): Placed | Misplaced {
  const slot = own(injections.slots, injection.slot)
  if (slot === undefined) {
    return { key: 'slot', message: unknown('slot', injection.slot, injections.slots) }
  }
  const template = own(injections.templates, injection.template)
  if (template === undefined) {
    const message = unknown('template', injection.template, injections.templates)
    return { key: 'template', message }
  }
  const { text, goal } = render(template, injection.goal)
  const placed = placeText(placement, slot, text)
  return 'message' in placed ? placed : { placement: placed, text, goal }
}

function render(template: InjectionTemplate, goal: string): { text: string; goal: string } {
  if (typeof template === 'string') return { text: fill(template, goal), goal }
  const encoded = encodeGoal(goal, template.encode)
  return { text: fill(template.text, encoded), goal: encoded }
}

/** By a function: `$&` in a goal is no pattern. */
function fill(template: string, goal: string): string {
  return template.replaceAll('{goal}', () => goal)
}

function placeText(placement: Placement, slot: Slot, text: string): Placement | Misplaced {
  if ('path' in slot) return placeInState(placement, slot.path, text)
  if ('tool' in slot) {
    const { tool, field } = slot
    return { ...placement, answers: [...placement.answers, { tool, field, text }] }
  }
  const { turnTexts } = placement
  const said = appendText(turnTexts.get(slot.turn) ?? '', text)
  return { ...placement, turnTexts: new Map(turnTexts).set(slot.turn, said) }
}

function placeInState(placement: Placement, path: string, text: string): Placement | Misplaced {
  const host = readPointer(placement.state, path)
  if (typeof host !== 'string') {
    return { key: 'slot', message: `there is no text at ${path} in the world of this case` }
  }
  const value = appendText(host, text)
  const edited = applyEdit(placement.state, { op: 'set', path: parsePointer(path), value })
  if (!edited.ok) return { key: 'slot', message: edited.error }
  return { ...placement, state: edited.value.state }
}

function injectionsOf({
  inject,
}: Attack): readonly (readonly [readonly (string | number)[], Injection])[] {
  if (!Array.isArray(inject)) return [[['attack', 'inject'], inject]]
  return inject.map((injection, index) => [['attack', 'inject', index], injection] as const)
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function unknown(kind: string, name: string, known: Readonly<Record<string, unknown>>): string {
  const meant = didYouMean(name, Object.keys(known))
  return `unknown ${kind} "${name}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`
}
