import { describe, expect, it } from 'vitest'
import { doctorReporters } from '../../src/report/doctor.ts'
import {
  type DoctorFinding,
  type DoctorReport,
  doctorReport,
} from '../../src/schema/doctor-report.ts'

function aReport(...findings: readonly DoctorFinding[]): DoctorReport {
  return doctorReport.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'DoctorReport',
    tool: '0.1.0',
    findings,
  })
}

function render(format: string, report: DoctorReport, colour = false): string {
  const reporter = doctorReporters.get(format)
  if (reporter === undefined) throw new Error(`no ${format}`)
  return reporter.render(report, { colour })
}

const mixed = aReport(
  { check: 'node', status: 'ok', message: 'Node.js 20.19.0; 20.19 or newer is needed' },
  {
    check: 'project',
    status: 'fail',
    message: 'trails: unknown key',
    place: { file: 'agent-eval.yaml', line: 3, column: 1 },
    fix: 'did you mean "trials"?',
  },
  {
    check: 'baseline',
    status: 'warn',
    about: 'evalsets/refund',
    message: 'there is no baseline: limits are judged, and nothing is compared with anything',
    fix: 'npx agent-eval run evalsets/refund && npx agent-eval baseline update --evalset evalsets/refund',
  },
  { check: 'ci', status: 'skipped', message: 'this is no CI' },
)

describe('the doctor in a terminal', () => {
  it('has a line a check, the place of a fault, and below it what mends it', () => {
    expect(render('terminal', mixed)).toMatchInlineSnapshot(`
      "ok       node      Node.js 20.19.0; 20.19 or newer is needed
      FAIL     project   agent-eval.yaml:3:1: trails: unknown key
               fix: did you mean "trials"?
      warn     baseline  evalsets/refund: there is no baseline: limits are judged, and
                         nothing is compared with anything
               fix: npx agent-eval run evalsets/refund && npx agent-eval baseline update --evalset evalsets/refund
      skipped  ci        this is no CI

      1 FAIL, 1 warn, 1 ok, 1 skipped
      "
    `)
  })

  it('breaks everything but what is there to be pasted at 80 columns', () => {
    const lines = render('terminal', mixed).split('\n')
    const long = lines.filter((line) => line.length > 80)
    expect(long).toEqual([expect.stringContaining('fix: npx agent-eval run')])
  })

  it('says by words what colours say', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const plain = render('terminal', mixed, true).replaceAll(/\u001b\[\d+m/g, '')
    expect(plain).toBe(render('terminal', mixed))
    expect(render('terminal', mixed, true)).toContain('\u001b[31mFAIL\u001b[0m')
  })

  it('lets nothing through that a terminal obeys', () => {
    const hostile = 'x\u001b]0;pwned\u0007\r\n::error::y\u202e'
    const finding = { check: 'keys', status: 'fail', about: hostile, message: hostile } as const
    const place = { file: hostile }
    const text = render('terminal', aReport({ ...finding, fix: hostile, place }))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(text.split('\n').filter((line) => line.startsWith('::'))).toEqual([])
  })
})

describe('the doctor as a document', () => {
  it('is what was found', () => {
    expect(doctorReport.parse(JSON.parse(render('json', mixed)))).toEqual(mixed)
  })
})
