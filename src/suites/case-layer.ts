import type { WrittenCase } from '../schema/case.ts'
import { type Layer, layer, layers } from '../schema/names.ts'
import { anyOf, unknownName } from './describe.ts'
import type { Finding } from './problem.ts'

export type CaseLayer =
  | { readonly ok: true; readonly layer: Layer }
  | { readonly ok: false; readonly finding: Finding }

/**
 * The layer of a case: its own, or the first folder below the folder of cases.
 *
 * @param file - path of the case's file below the folder of cases
 */
export function caseLayer(written: WrittenCase, file: string): CaseLayer {
  const [folder = '', ...rest] = file.split('/')
  const fromFolder = layer.safeParse(rest.length === 0 ? undefined : folder)
  const found = written.layer ?? fromFolder.data
  if (found === undefined) {
    const where = `put the file into a folder ${anyOf(layers)}, or write \`layer:\``
    const message =
      rest.length === 0 ? 'this case has no layer' : unknownName('layer', folder, layers)
    return { ok: false, finding: { path: [], message, hint: where } }
  }
  if (found === 'adversarial' && written.attack === undefined) {
    return { ok: false, finding: { path: [], message: 'an adversarial case needs `attack`' } }
  }
  if (found !== 'adversarial' && written.attack !== undefined) {
    const message = `an attacked case belongs to the layer adversarial, not ${found}`
    const hint = 'it would count as work done without an attacker'
    return { ok: false, finding: { path: ['attack'], at: 'key', message, hint } }
  }
  return { ok: true, layer: found }
}
