import { describe, expect, it } from 'vitest'
import { breakReferences } from '../../src/text/break-references.ts'
import { hostileTexts } from './hostile-corpus.ts'

describe('breakReferences', () => {
  it.each([
    ['@copilot', '@\u200bcopilot'],
    ['a@b.example', 'a@\u200bb.example'],
    ['acme/repo#12', 'acme/repo#\u200b12'],
    ['!12', '!\u200b12'],
    ['gh-7', 'gh-\u200b7'],
    ['https://x', 'https:\u200b//x'],
    ['WWW.x', 'WWW\u200b.x'],
    ['/close', '/\u200bclose'],
    [':+1: :100:', ':\u200b+1: :\u200b100:'],
    [':white_check_mark:', ':\u200bwhite_check_mark:'],
    ['crm:read:all', 'crm:\u200bread:all'],
    ['[x] approved', '[\u200bx] approved'],
    [' [ ] open', ' [\u200b ] open'],
  ])('%s', (text, expected) => {
    expect(breakReferences(text)).toBe(expected)
  })

  it.each([
    ['at 5 @ 3'],
    ['# heading'],
    ['a/b'],
    ['4 / 2'],
    ['highest: 3'],
    ['10:30:15'],
    ['std::vector'],
    ['rows[x]'],
  ])('keeps %s', (text) => {
    expect(breakReferences(text)).toBe(text)
  })

  it.each(hostileTexts)('changes nothing the second time: $name', ({ text }) => {
    expect(breakReferences(breakReferences(text))).toBe(breakReferences(text))
  })
})
