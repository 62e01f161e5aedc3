import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asksQuestion } from '../../src/replay/asks-question.ts'

describe('asksQuestion', () => {
  it.each([
    'What is your order number?',
    '“Which one?” she said.',
    '请问您的订单号是多少？',
    'ما هو رقم طلبك؟',
    '¿Cuál es su pedido',
    'Is it https://shop.example/o?id=1?',
    '是 https://shop.example/o?id=1 吗？',
    'Did you open (see https://shop.example/o?id=1)?',
    'Is it this one: https://shop.example/o?id=1?"',
    'See www.shop.example/o?id=1. Was that it?',
  ])('%s', (text) => {
    expect(asksQuestion(text)).toBe(true)
  })

  it.each([
    '',
    'Done.',
    'See https://shop.example/o?id=1 for more.',
    'See HTTPS://shop.example/o?id=1&b=?c',
    'See www.shop.example/?q=a.',
  ])('no question: %s', (text) => {
    expect(asksQuestion(text)).toBe(false)
  })

  it('takes time linear in a hostile reply', () => {
    for (const piece of ['?)))', 'https://?', 'www.', ')?', 'http']) {
      expect(asksQuestion(`${piece.repeat(200_000)}x`)).toBeTypeOf('boolean')
    }
  })

  it('finds every question mark where there is no link', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/https?:\/\/|www\./i.test(text))
        expect(asksQuestion(text)).toBe(/[?？؟¿]/.test(text))
      }),
    )
  })
})
