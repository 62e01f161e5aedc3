import { expect, test } from 'vitest'
import { alignColumns, cell, wrapped } from '../../src/report/columns.ts'
import { painter } from '../../src/report/paint.ts'

const rows = [
  [cell('a'), cell('1'), cell('x', 'bad')],
  [cell('long'), cell('100'), cell('')],
]

test('aligns columns without trailing space', () => {
  expect(alignColumns(rows, { align: 'lrl', paint: painter(false), indent: 1 })).toEqual([
    ' a       1  x',
    ' long  100',
  ])
})

test('colour does not change the width', () => {
  const [first] = alignColumns(rows, { align: 'rrl', paint: painter(true) })
  expect(first).toBe('   a    1  \u001b[31mx\u001b[0m')
})

test('breaks between words only, at 80 columns', () => {
  const lines = wrapped('word '.repeat(20).trim(), '    ', '  ')
  expect(lines.map((line) => line.length)).toEqual([76, 28])
  expect(wrapped('x'.repeat(100), '  ')).toEqual([`  ${'x'.repeat(100)}`])
})
