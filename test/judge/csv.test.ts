import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCsv, parseCsv } from '../../src/judge/csv.ts'

function cellsOf(text: string): readonly (readonly string[])[] {
  const parsed = parseCsv(text)
  if (!parsed.ok) throw new Error(parsed.fault.message)
  return parsed.records.map(({ cells }) => cells)
}

/** What breaks CSV, and what spreadsheets compute. */
const nasty = fc.oneof(
  fc.string(),
  fc.string({
    unit: fc.constantFrom('"', ',', ';', '\n', '\r', "'", '=', '+', '-', '@', '\t', 'a', ' '),
  }),
)

describe('formatCsv and parseCsv', () => {
  it('give every record back as it was', () => {
    const records = fc.array(fc.array(nasty, { minLength: 2, maxLength: 4 }), { minLength: 1 })
    fc.assert(
      fc.property(records, (rows) => {
        // A first line of ours has commas, so that semicolons separate nothing.
        const text = `a,b\n${rows.map((row) => formatCsv(row)).join('')}`
        expect(cellsOf(text)).toEqual([['a', 'b'], ...rows])
      }),
      { numRuns: 2000 },
    )
  })

  it('never write a cell that a spreadsheet would compute', () => {
    fc.assert(
      fc.property(nasty, (cell) => {
        const written = formatCsv([cell, 'x']).replace(/^"/, '')
        expect(written).not.toMatch(/^[=+\-@\t\r]/)
      }),
      { numRuns: 2000 },
    )
    expect(formatCsv(['=HYPERLINK("http://x")', '-1', 'plain'])).toBe(
      `"'=HYPERLINK(""http://x"")",'-1,plain\n`,
    )
  })

  it('know on which line a record begins', () => {
    const parsed = parseCsv('\ufeffa,b\r\n"one\r\ntwo",x\r\n\r\ny,z')
    expect(parsed).toEqual({
      ok: true,
      records: [
        { cells: ['a', 'b'], line: 1 },
        { cells: ['one\r\ntwo', 'x'], line: 2 },
        { cells: ['y', 'z'], line: 5 },
      ],
    })
  })

  it('read what spreadsheets with a decimal comma write', () => {
    expect(cellsOf('a;b\n1,5;"x;y"\n')).toEqual([
      ['a', 'b'],
      ['1,5', 'x;y'],
    ])
  })

  it.each([
    ['a,b\n"x,y\n', 2, 'a cell opens with " and never closes'],
    ['a,b\n"x\ny"z,1\n', 3, 'something follows the " that closes a cell'],
  ])('say where %j is broken', (text, line, message) => {
    expect(parseCsv(text)).toEqual({ ok: false, fault: { line, message } })
  })
})
