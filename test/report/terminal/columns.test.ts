import { expect, test } from 'vitest'
import {
  alignColumns,
  cell,
  wrapLastColumn,
  wrapped,
} from '../../../src/report/terminal/columns.ts'
import { painter } from '../../../src/report/terminal/paint.ts'

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

test('breaks the last column where a row is too long, under itself', () => {
  const style = { align: 'll', paint: painter(false), indent: 2 }
  const long = [
    [cell('a'), cell('x'.repeat(50))],
    [cell('bc'), cell('word '.repeat(20).trim())],
  ]
  const lines = alignColumns(wrapLastColumn(long, style), style)
  expect(lines).toEqual([
    `  a   ${'x'.repeat(50)}`,
    `  bc  ${'word '.repeat(15).trim()}`,
    `      ${'word '.repeat(5).trim()}`,
  ])
})

test('breaks nothing where hardly any room is left', () => {
  const narrow = [[cell('x'.repeat(70)), cell('two words')]]
  expect(wrapLastColumn(narrow, { align: 'll' })).toBe(narrow)
})
