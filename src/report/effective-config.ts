import {
  type ConfigSection,
  type EffectiveConfig,
  type EffectiveSet,
  type EffectiveValue,
  effectiveConfig,
  type ValueSource,
} from '../schema/effective-config.ts'
import { asJson } from '../schema/json.ts'
import type { RuleChange } from '../schema/verdict-findings.ts'
import { prettyCanonicalJson } from '../text/canonical-json.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import { truncate } from '../text/truncate.ts'
import { flowValue } from './flow-value.ts'
import type { RenderStyle } from './reporter.ts'
import { fits, wrapped } from './terminal/columns.ts'
import { type Paint, painter } from './terminal/paint.ts'

/** Of a value, in code points: prompts are pages. The document has all of it. */
const longestValue = 200
const indent = '      '

/** Turns the values of a run into text. Pure: equal input gives equal bytes. */
interface ConfigReporter {
  readonly id: string
  /** For the help text: what one gets. */
  readonly describes: string
  readonly render: (config: EffectiveConfig, style?: RenderStyle) => string
}

const terminal: ConfigReporter = {
  id: 'terminal',
  describes: 'text for people: a line for each value, with where it comes from behind the #',
  render({ evalSets }, { colour } = { colour: false }) {
    const paint = painter(colour)
    return `${evalSets.map((one) => setLines(one, paint).join('\n')).join('\n\n')}\n`
  },
}

const json: ConfigReporter = {
  id: 'json',
  describes: 'the document, keys sorted',
  render: (config) => prettyCanonicalJson(asJson(effectiveConfig.parse(config))),
}

/** The formats of `run --print-config`, by id. */
export const configReporters: ReadonlyMap<string, ConfigReporter> = new Map(
  [terminal, json].map((reporter) => [reporter.id, reporter]),
)

function setLines(
  { base, changes, folder, id, sections }: EffectiveSet,
  paint: Paint,
): readonly string[] {
  return [
    paint('bold', terminalLine(folder === id ? id : `${id}  ${folder}`)),
    ...(base === undefined ? [] : baseLines(base, changes)),
    ...sections
      .filter(({ values }) => values.length > 0)
      .flatMap((one) => sectionLines(one, paint)),
  ]
}

function baseLines(base: string, changes: readonly RuleChange[]): readonly string[] {
  const head = `a change of ${base}: until it is merged, of each rule the stricter side holds`
  return [
    ...wrapped(terminalLine(head), '  ', '  '),
    ...changes.flatMap((one) => wrapped(terminalLine(changeWords(one)), indent, '    ')),
  ]
}

const holders = { base: 'the base holds', here: 'this tree holds', change: 'the change holds' }

function changeWords({ base, here, holds, what }: RuleChange): string {
  return `${what}: ${base} at the base, ${here} here; ${holders[holds]}`
}

function sectionLines({ name, values }: ConfigSection, paint: Paint): readonly string[] {
  return [`${paint('bold', name)}:`, ...values.flatMap((one) => valueLines(one, paint))]
}

/** The source behind the value where it fits, else on a line of its own. */
function valueLines({ key, note, source, value }: EffectiveValue, paint: Paint): readonly string[] {
  const text = `${key}: ${truncate(flowValue(value), longestValue)}`
  const remark = note === undefined ? '' : `; ${note}`
  const from = terminalLine(`# ${sourceWords(source)}${remark}`)
  const lines = wrapped(terminalLine(text), indent, '  ')
  const last = lines.at(-1) ?? ''
  if (fits(`${last}  ${from}`)) return [...lines.slice(0, -1), `${last}  ${paint('faint', from)}`]
  return [...lines, ...wrapped(from, indent).map((line) => paint('faint', line))]
}

function sourceWords(source: ValueSource): string {
  switch (source.from) {
    case 'flag':
      return source.flag
    case 'environment':
      return source.variable
    case 'file':
      return source.line === undefined ? source.file : `${source.file}:${source.line}`
    case 'base':
      return source.base
    case 'default':
      return 'default'
    case 'derived':
      return source.why
  }
}
