/** What `truncate` ends a text with. Whoever quotes an agent shortens first, and a journal redacts last. */
const ellipsis = '…'

/** How tokens begin that are known by their form, and what they are. */
const beginnings: readonly (readonly [kind: string, beginning: string])[] = [
  ['anthropic-key', 'sk-ant-'],
  ['openai-key', 'sk-'],
  ['stripe-key', '(?:[sr]k_(?:live|test)|whsec)_'],
  ['aws-key', '(?:AKIA|ASIA|ABIA|ACCA)(?:[A-Z0-9]{16}[\\s,;:|"\']{1,4})?'],
  ['github-token', '(?:gh[pousr]|github_pat)_'],
  ['gitlab-token', 'glpat-'],
  ['slack-token', '(?:xox[a-z]|xapp-\\d)-'],
  ['slack-webhook', 'hooks\\.slack\\.com/services/'],
  ['google-key', '(?:AIza|GOCSPX-|ya29\\.)'],
  ['npm-token', 'npm_'],
  ['pypi-token', 'pypi-'],
  ['azure-key', '(?:AccountKey|SharedAccessKey)='],
  // Its second part begins as the first does.
  ['jwt', '(?<![.])eyJ'],
  ['bearer-token', '[bB][eE][aA][rR][eE][rR][ \\t]{1,4}'],
]

const urlPassword = `(?<=://)[^\\s/?#:@"'<>[\\],${ellipsis}]{0,100}:(?=\\d{0,5}[^\\d${ellipsis}])[^\\s/?#@"'<>[\\],${ellipsis}]{1,200}(?=${ellipsis})`

/** Its headers and lines of base64, so that a bare begin line cannot hide other text. */
const privateKey = `-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:(?:[\\r\\n]|\\\\[nr])+(?:[A-Za-z-]{1,30}: [^\\r\\n\\\\${ellipsis}]{1,80}|[A-Za-z0-9+/=]{1,76}))*(?:[\\r\\n]|\\\\[nr])*(?=${ellipsis})`

/**
 * Tokens that were cut off before anybody looked for them: what is left, up to the ellipsis. A few
 * characters may stay of one that has hardly begun; words that begin the same way have no digit in them.
 *
 * Bounded, so that a text of nothing but beginnings takes no quadratic time.
 */
export const cutForms: readonly (readonly [kind: string, form: RegExp])[] = [
  ...beginnings.map(([kind, beginning]) => {
    const rest = `(?=[\\w./+=~-]{0,300}\\d)[\\w./+=~-]{4,300}(?=${ellipsis})`
    return [kind, new RegExp(`(?<![\\w-])${beginning}${rest}`, 'g')] as const
  }),
  ['url-password', new RegExp(urlPassword, 'g')],
  ['private-key', new RegExp(privateKey, 'g')],
]

export function isCut(text: string): boolean {
  return text.includes(ellipsis)
}

/** Of a longer value its beginning tells enough. */
const mostCompared = 200

/**
 * The beginning of one of these values, in front of an ellipsis.
 *
 * @param least - how many characters must be there: fewer are a word like any other
 */
export function cutValue(values: readonly string[], least: number): RegExp {
  const each = values.map((value) => {
    const characters = Array.from(value, (one) => `\\u{${codeOf(one)}}`)
    const rest = characters
      .slice(least, mostCompared)
      .reduceRight((inner, one) => `(?:${one}${inner})?`, '')
    return characters.slice(0, least).join('') + rest
  })
  return new RegExp(`(?:${each.join('|')})(?=${ellipsis})`, 'gu')
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16)
}
