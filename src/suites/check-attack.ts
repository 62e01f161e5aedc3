import type { ExprMap } from '../expr/value.ts'
import type { Attack } from '../schema/case.ts'
import type { Injections, Slot } from '../schema/injections.ts'
import { readPointer } from '../world/pointer.ts'
import { checkExpression } from './check-expression.ts'
import { turnsInWords, unknownName } from './describe.ts'
import type { Finding, Path } from './problem.ts'

type Injection = Extract<Attack['inject'], { slot: string }>

/** What an attack finds in its case. */
interface Ground {
  /** With the patch of the case. */
  readonly state: ExprMap
  /** Messages of the user that are known in advance. */
  readonly turns: number
}

const goalVariables = ['state', 'calls', 'proposed', 'says']

/**
 * A goal that does not compile, and texts that have no slot, no template or no place to go. Paths
 * begin at the attack.
 */
export function checkAttack(
  attack: Attack,
  injections: Injections,
  ground: Ground,
): readonly Finding[] {
  return [
    ...checkExpression({ path: ['goal'], text: attack.goal, variables: goalVariables }),
    ...injectionsOf(attack).flatMap(({ path, injection: { slot, template } }) => [
      ...checkSlot([...path, 'slot'], slot, { slots: injections.slots, ground }),
      ...checkTemplate([...path, 'template'], template, injections.templates),
    ]),
  ]
}

function checkSlot(
  path: Path,
  slot: string,
  { slots, ground }: { readonly slots: Injections['slots']; readonly ground: Ground },
): readonly Finding[] {
  const known = Object.hasOwn(slots, slot) ? slots[slot] : undefined
  if (known === undefined) return [{ path, message: unknownName('slot', slot, Object.keys(slots)) }]
  const message = missingPlace(known, ground)
  return message === undefined ? [] : [{ path, message }]
}

/** Why a slot is no place in this case. Whether its tool exists is told where the slot is. */
function missingPlace(slot: Slot, { state, turns }: Ground): string | undefined {
  if ('tool' in slot) return undefined
  if ('turn' in slot) {
    if (slot.turn <= turns) return undefined
    return `the slot is turn ${slot.turn}, but this case has only ${turnsInWords(turns)}`
  }
  if (typeof readPointer(state, slot.path) === 'string') return undefined
  return `the state of this case has no text at ${slot.path}`
}

function checkTemplate(
  path: Path,
  template: string,
  templates: Injections['templates'],
): readonly Finding[] {
  if (Object.hasOwn(templates, template)) return []
  return [{ path, message: unknownName('template', template, Object.keys(templates)) }]
}

function injectionsOf({
  inject,
}: Attack): readonly { readonly path: Path; readonly injection: Injection }[] {
  if (!Array.isArray(inject)) return [{ path: ['inject'], injection: inject }]
  return inject.map((injection, index) => ({ path: ['inject', index], injection }))
}
