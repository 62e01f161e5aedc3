import type { GateAa, GatePower, GateSelfTest } from '../../schema/gate-check.ts'
import { asJson } from '../../schema/json.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import { type Paint, painter } from '../terminal/paint.ts'
import { gateAaBlocks } from './aa.ts'
import { gatePowerBlocks } from './power.ts'
import type { GateCheckContext, GateReporter } from './reporter.ts'
import { gateSelfTestBlocks } from './self-test.ts'

/** Blocks of lines, to be set apart by an empty one. */
type ToBlocks<T> = (
  document: T,
  context: GateCheckContext,
  paint: Paint,
) => readonly (readonly string[])[]

function reportersFor<T extends object>(
  toBlocks: ToBlocks<T>,
): ReadonlyMap<string, GateReporter<T>> {
  const terminal: GateReporter<T> = {
    id: 'terminal',
    describes: 'text for people: verdict, numbers, what to change, what to do next',
    render(document, context, { colour } = { colour: false }) {
      const blocks = toBlocks(document, context, painter(colour))
      const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
      return `${text.join('\n\n')}\n`
    },
  }
  const json: GateReporter<T> = {
    id: 'json',
    describes: 'the document, keys sorted',
    render: (document) => prettyCanonicalJson(asJson(document)),
  }
  return new Map([terminal, json].map((reporter) => [reporter.id, reporter]))
}

/** The formats of each question about a gate, by id. */
export const gateReporters = {
  aa: reportersFor<GateAa>(gateAaBlocks),
  selfTest: reportersFor<GateSelfTest>(gateSelfTestBlocks),
  power: reportersFor<GatePower>(gatePowerBlocks),
} as const
