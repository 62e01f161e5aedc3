import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tells } from '../../../src/graders/says/tells.ts'

describe('a number is told', () => {
  it.each([
    [45.99, 'You get $45.99 back.'],
    [45.99, 'Sie erhalten 45,99 € zurück.'],
    [45.99, 'Refunded: 45.990'],
    [45.99, 'Refunded:45.99.'],
    [45.99, '**$45.99**'],
    [45.99, 'US$45.99, as agreed'],
    [45.99, 'EUR45.99'],
    [45.99, '-$45.99 on your card'],
    [45.99, 'a credit of −45.99'],
    [45.99, '４５．９９ が返金されます'],
    [45.99, '返金額は45.99円です'],
    [40, 'for 40 days'],
    [40, '40.00'],
    [40, 'a 40-day window'],
    [40, '30-40 days'],
    [40, '40%'],
    [40, 'on the 40th day'],
    [40, 'ticket #40'],
    [1299, 'It is $1,299.00.'],
    [1299, '1.299,00 EUR'],
    [1299, "CHF 1'299.–"],
    [1299, '1 299,00 €'],
    [1299, '1\u202f299,00 €'],
    [1299, '1,299'],
    [1234567.5, '1,234,567.50'],
    [0.99, 'only .99'],
    [-5, 'a balance of -5'],
    [-5, 'a balance of −$5.00'],
    [0, 'nothing: 0'],
    [0.1 + 0.2, 'that is 0.3'],
  ])('%j by %j', (value, text) => {
    expect(tells(text, value)).toBe(true)
  })

  it.each([
    [45.99, 'You get $145.99 back.'],
    [45.99, '45.991'],
    [45.99, '45.9'],
    [45.99, '45.99.12'],
    [45.99, '45 and 99'],
    [40, '140'],
    [40, '400'],
    [40, '40k'],
    [40, 'order O-40'],
    [40, 'flight HAT40'],
    [40, 'item_40'],
    [40, 'at 12:40'],
    [40, '2040-10-03'],
    [10, '2040-10-03'],
    [10, '03/10/2040'],
    [10, '1.10.2'],
    [299, '$1,299.00'],
    [99, 'only .99'],
    [-5, 'a balance of 5'],
    [5, ''],
  ])('%j not by %j', (value, text) => {
    expect(tells(text, value)).toBe(false)
  })

  it('is told however the amount is written', () => {
    const cents = fc.integer({ min: 0, max: 99_999_999 })
    fc.assert(
      fc.property(cents, (amount) => {
        const value = amount / 100
        const plain = value.toFixed(2)
        const english = plain.replace(/\B(?=(\d{3})+\.)/g, ',')
        const german = english.replace(/[.,]/g, (sign) => (sign === '.' ? ',' : '.'))
        for (const text of [plain, english, german]) {
          expect(tells(`We refunded ${text}€.`, value)).toBe(true)
          expect(tells(`We refunded 9${plain}.`, value)).toBe(false)
        }
      }),
    )
  })
})

describe('a text is told', () => {
  it.each([
    ['shipped', 'It was Shipped.'],
    ['in_transit', 'It is in transit.'],
    ['in_transit', 'status: in-transit'],
    ['O-1', 'your order o-1, yes'],
    ['O-1', 'O‑1 or O-2'],
    ['45.99', 'about 45,99 €'],
    ['Straße 5', 'an die STRAßE 5'],
    ['已取消', '订单已取消了'],
    ['#2', 'it is #2!'],
  ])('%j by %j', (value, text) => {
    expect(tells(text, value)).toBe(true)
  })

  it.each([
    ['shipped', 'It was unshipped.'],
    ['ship', 'shipped'],
    ['O-1', 'O-12'],
    ['O-1', 'O-1-B'],
    ['O-1', 'XO-1'],
    ['v1', 'v1.5'],
    ['a.c', 'abc'],
    ['', 'anything'],
  ])('%j not by %j', (value, text) => {
    expect(tells(text, value)).toBe(false)
  })
})

it('takes no time over hostile text', () => {
  const hostile = `${'-'.repeat(50_000)}a ${'1,'.repeat(50_000)} ${'1 '.repeat(50_000)}`
  const start = performance.now()
  tells(hostile, 5)
  tells(hostile, 'O-1')
  expect(performance.now() - start).toBeLessThan(2000)
})
