import { rules } from '@secretlint/secretlint-rule-preset-recommend'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSecrets, findSensitive } from '../../../src/controls/sensitive/find-sensitive.ts'
import { findVendorKeys, mayHoldVendorKey } from '../../../src/controls/sensitive/vendor-keys.ts'
import { fakeSecrets } from '../../text/fake-secrets.ts'
import { kindsIn, wordsOf } from './kinds-in.ts'
import { vendorSecrets } from './vendor-secrets.ts'

const everySecret = [...fakeSecrets, ...vendorSecrets]

describe('findSecrets', () => {
  it.each(everySecret)('finds %s from its start to its end', async (kind, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['use ', ' now'],
      ['{"a":"', '"}'],
      ['(', ').'],
      ['x\n', '\ny'],
    ] as const) {
      const text = before + secret + after
      const found = wordsOf(text, await findSensitive(text))
      expect(kindsIn(await findSecrets(text))).toContain(kind)
      // A quote in front of the name of a variable is taken too.
      expect(found.map((word) => word.replace(/^"/, ''))).toEqual([secret])
    }
  })

  it.each([
    ['postgres://app:hunter2@db.example.com/orders', ['url-password']],
    ['Cookie: sid=abc; theme=dark', ['cookie']],
    // Split by what nobody sees, and written as a page or a URL writes it.
    [`ghp_\u200b${'Fake0Secret1For2Tests3'.repeat(2).slice(0, 36)}`, ['github-token']],
    [`AKIA&#70;AKE0SECRET1FOR2`, ['aws-key']],
    // A slash or a blank in a password is escaped; read decoded it would end the password.
    ['https://ana:p%2Fw%20d@host.example/', ['url-password']],
    // What a comment asks for is for files in repositories.
    [`<!-- secretlint-disable -->\nlin_api_${'Fake0Secret1For2Tests3'.repeat(2)}`, ['linear-key']],
  ])('finds the secret in %j', async (text, kinds) => {
    expect(kindsIn(await findSecrets(text))).toEqual(kinds)
  })

  it.each([
    '',
    'AKIA and AKIAIOSFODNN7 are too short',
    'sk-learn-tutorial-notebook-for-beginners',
    'the bearer of this certificate-of-authenticity',
    'https://user@example.com/path:with@colon and https://example.com:8080/a@b',
    'commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b, order O-1001, sha256:44136fa355b3678a',
    '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    '-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----',
    'eyJhbGciOiJIUzI1NiJ9 alone is a header',
    '[redacted:jwt] and [secret]',
    'SG.1 is a place, shpat_ a prefix, and lin_api_key a name',
  ])('nothing in: %s', async (text) => {
    expect(await findSecrets(text)).toEqual([])
  })

  it('parts two tokens in one line', async () => {
    const [, github = ''] = fakeSecrets.find(([kind]) => kind === 'github-token') ?? []
    const [, jwt = ''] = fakeSecrets.find(([kind]) => kind === 'jwt') ?? []
    const text = `first ${github}, then ${jwt}; or ["${github}","${jwt}"]`
    expect(wordsOf(text, await findSensitive(text))).toEqual([github, jwt, github, jwt])
  })

  it('parts a private key from the text around it', async () => {
    const [, key = ''] = fakeSecrets.find(([kind]) => kind === 'private-key') ?? []
    const [, github = ''] = fakeSecrets.find(([kind]) => kind === 'github-token') ?? []
    const text = `${github} is hers.\n${key}\nand the last ${github}`
    expect(wordsOf(text, await findSensitive(text))).toEqual([github, key.trimEnd(), github])
  })

  it('takes no longer than the text is long', async () => {
    // Anything worse than linear would run into the test's own time limit.
    const starts = [
      'sk-',
      'eyJa.',
      'cookie: ',
      '-----BEGIN ',
      '://a:',
      'mongodb://',
      'SG.a.',
      'xoxb-',
    ]
    const whole = ['x://a:b@c,', 'cookie: a=b\n', 'bearer abcdefghij0123456 ', 'xoxb-a-b ']
    for (const part of [...starts, ...whole]) {
      const text = part.repeat(50_000)
      for (const { start, end } of await findSecrets(text)) {
        expect(0 <= start && start < end && end <= text.length).toBe(true)
      }
    }
  })

  it('says where and never what', async () => {
    for (const [, secret] of everySecret) {
      const said = JSON.stringify(await findSecrets(`key ${secret}`))
      expect(said).not.toContain(secret.slice(-12))
    }
  })
})

describe('mayHoldVendorKey', () => {
  const asItIs = (text: string): Promise<unknown> => findVendorKeys(text)
  const unguarded = (text: string): Promise<unknown> => findVendorKeys(text, () => true)

  it.each(everySecret)('misses no %s', async (_, secret) => {
    expect(await asItIs(secret)).toEqual(await unguarded(secret))
  })

  it('misses nothing in texts made of secrets, their beginnings, and other text', async () => {
    const starts = everySecret.map(([, secret]) => secret.slice(0, 9))
    const plain = [
      'refund O-1001 ',
      '://',
      'a:b@',
      'x',
      '\n',
      ' ',
      '=',
      'xoxb-a-b',
      'é',
      'SG.a.b',
      'ftp',
    ]
    const url = fc.webUrl({ withQueryParameters: true })
    const word = fc.constantFrom(...everySecret.map(([, secret]) => secret), ...starts, ...plain)
    const part = fc.oneof({ weight: 4, arbitrary: word }, url, fc.string({ maxLength: 20 }))
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(text, async (made) => {
        expect(await asItIs(made)).toEqual(await unguarded(made))
      }),
      { numRuns: 1_000 },
    )
  })

  it('holds for each user and password that the rules take', async () => {
    const sign = fc.constantFrom(...'ab1-_.%?#@,"\'<>[]{}()$&=+!*~^|'.split(''))
    const word = fc.string({ unit: sign, minLength: 1, maxLength: 12 })
    const scheme = fc.constantFrom(
      'https',
      'ftp',
      'mongodb',
      'mongodb+srv',
      'jdbc:mysql',
      'postgresql',
    )
    await fc.assert(
      fc.asyncProperty(scheme, word, word, async (start, user, password) => {
        const text = `${start}://${user}:${password}@db.example.net/x`
        expect(await asItIs(text)).toEqual(await unguarded(text))
      }),
      { numRuns: 1_000 },
    )
  })

  it('lets ordinary replies pass', () => {
    expect(
      mayHoldVendorKey('Your refund of $40 for O-1001 is on its way: https://a.example/x?y=1'),
    ).toBe(false)
  })

  it('knows every rule there is: a new one may need a word of its own', () => {
    expect(rules.map(({ meta }) => meta.id.replace(/^.*secretlint-rule-/, '')).sort()).toEqual([
      '1password',
      'anthropic',
      'aws',
      'basicauth',
      'database-connection-string',
      'filter-comments',
      'gcp',
      'github',
      'linear',
      'npm',
      'openai',
      'privatekey',
      'sendgrid',
      'shopify',
      'slack',
    ])
  })
})
