import type { ExprMap } from '../expr/value.ts'
import type { Attack, Injection } from '../schema/case.ts'
import type { Injections } from '../schema/injections.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { applyEdit } from './apply-changes.ts'
import { parsePointer, readPointer } from './pointer.ts'
import type { WorldProblem } from './problem.ts'

/** A text of the attacker in its place. */
interface RenderedInjection {
  readonly slot: string
  readonly text: string
  /** Where this text reaches the model, the attack was delivered. */
  readonly marker: string
}

export type PlacedInjections =
  | {
      readonly ok: true
      readonly state: ExprMap
      readonly rendered: readonly RenderedInjection[]
    }
  | { readonly ok: false; readonly problems: readonly WorldProblem[] }

/**
 * Puts an attack's texts where foreign text reaches the agent: each is appended to what stands
 * in its slot, after a blank line.
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
  let { state } = input
  for (const [path, injection] of injectionsOf(attack)) {
    const placed = placeOne(state, injection, injections)
    if ('message' in placed) {
      problems.push({ path: [...path, placed.key], message: placed.message })
      continue
    }
    state = placed.state
    const marker = attack.exposure ?? injection.goal
    rendered.push({ slot: injection.slot, text: placed.text, marker })
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, state, rendered }
}

type Placed =
  | { readonly state: ExprMap; readonly text: string }
  | { readonly key: 'slot' | 'template'; readonly message: string }

function placeOne(state: ExprMap, injection: Injection, injections: Injections): Placed {
  const slot = own(injections.slots, injection.slot)
  if (slot === undefined) {
    return { key: 'slot', message: unknown('slot', injection.slot, injections.slots) }
  }
  const template = own(injections.templates, injection.template)
  if (template === undefined) {
    const message = unknown('template', injection.template, injections.templates)
    return { key: 'template', message }
  }
  const host = readPointer(state, slot.path)
  if (typeof host !== 'string') {
    return { key: 'slot', message: `there is no text at ${slot.path} in the world of this case` }
  }
  const text = template.replaceAll('{goal}', () => injection.goal)
  const value = host === '' ? text : `${host}\n\n${text}`
  const edited = applyEdit(state, { op: 'set', path: parsePointer(slot.path), value })
  return edited.ok ? { state: edited.value.state, text } : { key: 'slot', message: edited.error }
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
