import type { Attack } from '../schema/case.ts'
import type { Injections } from '../schema/injections.ts'
import { checkExpression } from './check-expression.ts'
import { unknownName } from './describe.ts'
import type { Finding, Path } from './problem.ts'
import type { PatchedState } from './state-patch.ts'

type Injection = Extract<Attack['inject'], { slot: string }>

const goalVariables = ['state', 'calls', 'proposed', 'says']

/**
 * A goal that does not compile, and texts that have no slot, no template or no place to go. Paths
 * begin at the attack.
 */
export function checkAttack(
  attack: Attack,
  injections: Injections,
  state: PatchedState,
): readonly Finding[] {
  return [
    ...checkExpression({ path: ['goal'], text: attack.goal, variables: goalVariables }),
    ...injectionsOf(attack).flatMap(({ path, injection: { slot, template } }) => [
      ...checkSlot([...path, 'slot'], slot, { slots: injections.slots, state }),
      ...checkTemplate([...path, 'template'], template, injections.templates),
    ]),
  ]
}

function checkSlot(
  path: Path,
  slot: string,
  { slots, state }: { readonly slots: Injections['slots']; readonly state: PatchedState },
): readonly Finding[] {
  const known = Object.hasOwn(slots, slot) ? slots[slot] : undefined
  if (known === undefined) return [{ path, message: unknownName('slot', slot, Object.keys(slots)) }]
  if (typeof state.valueAt(known.path) === 'string') return []
  return [{ path, message: `the state of this case has no text at ${known.path}` }]
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
