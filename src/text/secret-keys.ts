import { remember } from './remember.ts'

/** What the name of a member, header or variable says about its value. */
export interface SecretKey {
  /** Goes into the marker: `[redacted:<kind>]`. */
  readonly kind: string
  /** Which values count; the names `token` and `session` mean harmless things as well. */
  readonly value: RegExp
  /** A plural (`cookies`, `credentials`): every text inside an object under it is secret. */
  readonly isCollection: boolean
}

const anything = /[^]/
const oneWord = /^\S{4,}$/
const opaqueId = /^(?=\D*\d)\S{8,}$/

/** Matched against the end of a name in lower case without separators; the first one holds. */
const kinds: readonly (readonly [kind: string, name: RegExp, value: RegExp])[] = [
  [
    'password',
    /(?:password|passwd|passphrase|passcode)s?(?:hash|confirm(?:ation)?)?\d*$/,
    anything,
  ],
  ['password', /(?:db|sql|pg|user|admin|root|smtp|mail|ftp|redis|proxy)(?:pass|pwd)$/, anything],
  ['private-key', /privatekeys?(?:pem)?$/, anything],
  [
    'api-key',
    /(?:api|access|subscription|functions|auth|signing|encryption|master)keys?$/,
    anything,
  ],
  ['secret', /secrets?$|secret(?:keybase|key|value|text)s?$/, anything],
  ['authorization', /^(?:x|proxy)?authorization$/, anything],
  ['cookie', /cookies?$/, anything],
  ['credential', /credentials?$/, anything],
  ['connection-string', /connectionstrings?$/, anything],
  ['session', /^(?:j|php|user|web)?sess(?:ion)?(?:id|key)?$|connectsid$/, opaqueId],
  ['token', /token$|(?:access|refresh|api|auth|bearer|id|session)tokens$/, oneWord],
]

/** Paging and the special tokens of a tokenizer. Counts are numbers, or end in `tokens`. */
const harmlessToken = /(?:page|continuation|cursor|pad|eos|bos|unk|sep|cls|mask|stop)token$/

/** True for every text that holds the name of a secret, and cheap: most names hold none of these. */
export function mayNameSecret(text: string): boolean {
  return /pass|pwd|key|secret|auth|cookie|cred|connect|sess|token/i.test(text)
}

/**
 * Says whether a value under this name is a secret, however the name is spelt:
 * `API_KEY`, `apiKey`, `x-api-key`, `OPENAI_API_KEY`.
 *
 * The end of the name decides, as it does in English: an `access_token` is a token, a
 * `token_count` is a count.
 */
export function secretKey(name: string): SecretKey | undefined {
  return name.length > 100 ? undefined : (classified(name) ?? undefined)
}

/** Names of members are few and come again and again. */
const classified = remember((name: string) => classify(name) ?? null, 2_000)

function classify(name: string): SecretKey | undefined {
  if (!mayNameSecret(name)) return undefined
  const plain = name.replace(/\[redacted:[a-z-]+\]|[^A-Za-z0-9]/g, '').toLowerCase()
  const found = kinds.find(([, pattern]) => pattern.test(plain))
  if (found === undefined || harmlessToken.test(plain)) return undefined
  return { kind: found[0], value: found[2], isCollection: plain.endsWith('s') }
}
