import { cutForms, isCut } from './cut-secrets.ts'
import { redactionMarker } from './redaction-marker.ts'

type Patterns = readonly (readonly [kind: string, pattern: RegExp])[]

/**
 * Secrets that give themselves away by their form, whatever they stand under.
 *
 * Each pattern is linear: it starts at a fixed text, its classes do not overlap what
 * follows them, and where it could look far ahead it is bounded. Each takes the whole word
 * that a token begins, so that no other token can begin right behind the marker.
 */
const patterns: Patterns = [
  [
    'private-key',
    // Up to its end line; cut off, only the lines of base64 that follow, so that a bare
    // begin line cannot hide the rest of a text.
    /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:(?:[^-]|-(?!----)){0,20000}-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|(?:(?:\s|\\[nr])+[A-Za-z0-9+/=]{16,})*)/g,
  ],
  ['anthropic-key', /(?<![\w-])sk-ant-[\w-]{16,}/g],
  [
    'openai-key',
    /(?<![\w-])sk-(?:[A-Za-z0-9]{20}|(?:proj|svcacct|admin|None|or)-[\w-]{20})[\w-]*/g,
  ],
  ['stripe-key', /(?<![\w-])(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16}[\w-]*/g],
  [
    'aws-key',
    // With the secret that stands next to it in a credentials file or a CSV download.
    /(?<!\w)(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}[\w-]*(?:[\s,;:|"']{1,4}[A-Za-z0-9/+]{40}(?![\w/+=]))?/g,
  ],
  ['github-token', /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22})[\w-]*/g],
  ['gitlab-token', /(?<![\w-])glpat-[\w-]{20,}/g],
  ['slack-token', /(?<![\w-])(?:xox[a-z]|xapp-\d)-[A-Za-z0-9-]{10}[\w-]*/g],
  ['slack-webhook', /(?<![\w-])hooks\.slack\.com\/services\/[\w/-]{20,}/g],
  ['google-key', /(?<![\w-])(?:AIza[\w-]{35}|GOCSPX-[\w-]{28}|ya29\.[\w-]{20})[\w-]*/g],
  ['npm-token', /(?<!\w)npm_[A-Za-z0-9]{36}[\w-]*/g],
  ['pypi-token', /(?<![\w-])pypi-[\w-]{50,}/g],
  ['azure-key', /(?<!\w)(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}={0,2}/g],
  ['jwt', /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g],
  ['bearer-token', /(?<!\w)bearer[ \t]{1,4}(?=[A-Za-z_.~+/=-]{0,200}\d)[\w.~+/=-]{16,}/gi],
  [
    'basic-auth',
    /(?<!\w)authorization["']?[:=][ \t]{0,4}["']?basic[ \t]{1,4}[A-Za-z0-9+/]{6,}={0,2}/gi,
  ],
  ['cookie', /(?<![\w-])(?:set-)?cookie:[ \t]{0,4}(?=[\w.-]{1,64}=)[^\r\n"'\\]+/gi],
  ['url-password', /(?<=:\/\/)[^\s/?#:@"'<>[\],]{0,100}:[^\s/?#"'<>[\],]{1,200}(?=@)/g],
]

/**
 * True for every text with one of the secrets above, and cheap, because most have none.
 * Written for speed: short literals, and no `i` flag or `\b`, which make it three times slower.
 */
const hint =
  /sk[-_]|rk_|sec_|A[KSBC][IC]A|gh[pousr]_|github_pat|glpat-|xox[a-z]-|xapp-|AIza|GOCSPX|ya29\.|npm_|pypi-|eyJ|PRIVATE KEY|slack\.com\/serv|AccessKey=|AccountKey=|[bB][eE][aA][rR][eE][rR][ \t]|[nN]["']?[:=][ \t]{0,4}["']?[bB]|[eE]:[ \t]{0,4}[\w.-]{1,64}=|:\/\/[^\s/?#@]{0,100}:/

/** A secret and where it stands. */
export interface SecretPlace {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/**
 * Escapes that end in what could be a letter of a word: of a log that was put into JSON (`\\n`), of a
 * URL (`%20`), and of a colour, spelt out or not.
 */
const escapes =
  /(?:\u001b|\\(?:u001b|x1b|033|e))\[[\d;]{0,20}m|\\(?:[nrtbf]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})|%[0-9a-fA-F]{2}/g

/** The same text, as long as before, with spaces for escapes: the word behind one begins there. */
function withoutEscapes(text: string): string {
  return text.replace(escapes, (escape) => ' '.repeat(escape.length))
}

/** Where the secrets of each form stand, form by form; several forms may tell the same place. */
export function findPatterns(text: string): readonly SecretPlace[] {
  if (!hint.test(text)) return []
  const plain = withoutEscapes(text)
  const places = placesIn(text, patterns)
  return plain === text ? places : [...places, ...placesIn(plain, patterns)]
}

function placesIn(text: string, wanted: Patterns): readonly SecretPlace[] {
  return wanted.flatMap(([kind, pattern]) =>
    Array.from(text.matchAll(pattern), ({ 0: secret, index }) => {
      return { kind, start: index, end: index + secret.length }
    }),
  )
}

/**
 * Replaces each secret that is known by its form with `[redacted:<kind>]`, also where it was cut off: what
 * quotes an agent shortens it first.
 */
export function redactPatterns(text: string): string {
  if (!hint.test(text)) return text
  const wanted = isCut(text) ? [...cutForms, ...patterns] : patterns
  const clean = wanted.reduce(
    (all, [kind, pattern]) => all.replace(pattern, redactionMarker(kind)),
    text,
  )
  const plain = withoutEscapes(clean)
  return plain === clean ? clean : withMarkers(clean, placesIn(plain, wanted))
}

/** Of places that overlap the first holds, and of those that begin together the longest. */
function withMarkers(text: string, places: readonly SecretPlace[]): string {
  let clean = ''
  let done = 0
  for (const { end, kind, start } of places.toSorted(
    (a, b) => a.start - b.start || b.end - a.end,
  )) {
    if (start < done) continue
    clean += text.slice(done, start) + redactionMarker(kind)
    done = end
  }
  return clean + text.slice(done)
}
