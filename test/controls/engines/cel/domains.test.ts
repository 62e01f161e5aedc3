import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/schema/json.ts'
import { aCall, aReply, aResult, atOnce, type Rule } from './ask.ts'

const domains = ['good.com', '*.shop.example', 'bücher.de', '[::1]']
const inReply = (text: string, list: readonly string[] = domains): unknown =>
  atOnce([{ domains: [...list] }], aReply(text))?.decision

describe('domains', () => {
  it.each([
    'nothing to see here',
    'see https://good.com/a?b=c#d and mail to bob@good.com.',
    'HTTPS://GOOD.COM./',
    'https://good.com:8443/',
    'https://eu.shop.example, https://a.b.shop.example!',
    'https://xn--bcher-kva.de',
    'http://[0:0::1]:3000/',
    'ｈｔｔｐｓ：／／ｇｏｏｄ．ｃｏｍ/',
    'https://good.com/?a=1&amp;b=2',
  ])('allow: %s', (text) => {
    expect(inReply(text)).toBe('allow')
  })

  it.each([
    'https://evil.com',
    'https://good.com.evil.com',
    'https://notgood.com',
    'https://www.good.com',
    'www.evil.com',
    'https://shop.example',
    'https://evilshop.example',
    'https://good.com@evil.com',
    String.raw`https://evil.com\@good.com`,
    '//evil.com/pixel.png',
    'https:/evil.com',
    'https://good.com\u200b.evil.com',
    'https://good.com\ufeff.evil.com',
    'https://good.com\u00ad.evil.com',
    'ｈｔｔｐｓ：／／ｅｖｉｌ．ｃｏｍ',
    'https://good.com／evil',
    'https&colon;//evil&period;com',
    'https:&#x2f;&#x2f;evil.com',
    'https://good.com/?u=https%3A%2F%2Fevil.com',
    'mailto:bob%40evil.com',
    'bob＠evil.com',
    'bob@good.com, eve@evil.com',
    'https://gооd.com',
    'https://127.0.0.1/',
    'http://0x7f000001',
    'http://[::2]/',
  ])('keep out: %s', (text) => {
    expect(inReply(text)).toBe('deny')
  })

  it('an empty list allows none', () => {
    expect(inReply('https://good.com', [])).toBe('deny')
    expect(inReply('no address', [])).toBe('allow')
  })

  it('an entry that is no domain allows nothing', () => {
    const wrong = [
      'https://good.com',
      'good.com/path',
      'good.com:443',
      'x@good.com',
      '*',
      '*.',
      'a b',
    ]
    expect(inReply('https://good.com', wrong)).toBe('deny')
    expect(inReply('https://evil.com', wrong)).toBe('deny')
  })

  it('are looked for in keys and values, however deep', () => {
    const rule: Rule = { tool: 'mail.*', domains: ['good.com'] }
    const ask = (args: JsonObject): unknown =>
      atOnce([rule], aCall({ tool: 'mail.send', args }))?.decision
    expect(ask({ to: ['bob@good.com'], at: 5, then: null })).toBe('allow')
    expect(ask({ to: [{ cc: ['bob@good.com', { x: 'eve@evil.com' }] }] })).toBe('deny')
    expect(ask({ 'https://evil.com': true })).toBe('deny')
    expect(ask({ url: 'https://good.com\n@evil.com/' })).toBe('deny')
    const seesResult: Rule = { domains: ['good.com'], sees: ['result'] }
    expect(atOnce([seesResult], aResult({ link: 'http://evil.com' }))?.decision).toBe('deny')
  })

  it('are named in the reason, and only shown', () => {
    const reason = (text: string, description?: string): string | undefined =>
      atOnce([{ domains: [], ...(description && { description }) }], aReply(text))?.rules[0]?.reason
    expect(reason('https://EVIL.com/x')).toBe('"evil.com" is not an allowed domain')
    expect(reason('https://evil.com/x', 'our shops only')).toBe(
      'our shops only ("evil.com" is not an allowed domain)',
    )
    expect(reason('https://a:b:c')).toBe('"a:b:c" is no address that can be read')
    expect(reason(`https://${'a'.repeat(5_000)}`)?.length).toBeLessThan(150)
  })
})
