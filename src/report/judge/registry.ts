import { asJson } from '../../schema/json.ts'
import type { JudgeAgreement } from '../../schema/judge-agreement.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import { painter } from '../terminal/paint.ts'
import { judgeCalibrationBlocks } from './calibration.ts'
import type { JudgeReporter } from './reporter.ts'

const terminal: JudgeReporter<JudgeAgreement> = {
  id: 'terminal',
  describes: 'text for people: whether it may gate, by which numbers, what is missing',
  render(document, { colour } = { colour: false }) {
    const blocks = judgeCalibrationBlocks(document, painter(colour))
    const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
    return `${text.join('\n\n')}\n`
  },
}

const json: JudgeReporter<JudgeAgreement> = {
  id: 'json',
  describes: 'the document, keys sorted',
  render: (document) => prettyCanonicalJson(asJson(document)),
}

/** The formats of `judge calibrate`, by id. */
export const judgeReporters: ReadonlyMap<string, JudgeReporter<JudgeAgreement>> = new Map(
  [terminal, json].map((reporter) => [reporter.id, reporter]),
)
