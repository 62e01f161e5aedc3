import type * as presetModule from '@secretlint/secretlint-rule-preset-recommend'
import type { Finding } from './finding.ts'

type Rule = (typeof presetModule.rules)[number]
type Context = Parameters<Rule['create']>[0]
type Source = Parameters<NonNullable<ReturnType<Rule['create']>['file']>>[0]

/** What our kinds are called, by the end of the rule's id; other rules give their own name. */
const kinds: Readonly<Record<string, string>> = {
  '1password': '1password-token',
  anthropic: 'anthropic-key',
  aws: 'aws-key',
  basicauth: 'url-password',
  'database-connection-string': 'url-password',
  github: 'github-token',
  linear: 'linear-key',
  npm: 'npm-token',
  openai: 'openai-key',
  privatekey: 'private-key',
  sendgrid: 'sendgrid-key',
  shopify: 'shopify-key',
  slack: 'slack-token',
}

/** Rules that are left out: one lets a text switch the others off, one reads files. */
const leftOut: readonly string[] = ['filter-comments', 'gcp']

/** What stands behind an address in prose; the rules take all up to the next blank for its options. */
const closingSigns = /["'`)\]}>.,;:!?]+$/

const hint =
  /SG\.|shp(?:pa|ca|at|ss)_|lin_api_|ops_ey|secret_?access_?key|xox[a-z]-|xapp-|slack\.com\/services|sk-|gh[pousr]_|github_pat_|npm_|PRIVATE KEY|:\/\/[^\s/:]{1,256}:[^\s/]{1,256}@|x-oauth-basic@/i

/**
 * True for every text in which a rule finds something; the rules themselves cost thirty times as
 * much, and loading them more than all else.
 */
export function mayHoldVendorKey(text: string): boolean {
  return hint.test(text)
}

/** Loaded once; importing again costs more than to apply it. */
let preset: Promise<typeof presetModule> | undefined

/**
 * Keys and connection strings of known makers, by the rules of secretlint.
 *
 * Its rules and not its core: the core keeps a record of every text it has seen, so that each costs
 * more than the one before, and puts the secret into messages. Here no message is ever made.
 *
 * @param isHinted - asked before anything is loaded; a parameter so that a test can leave it out
 */
export async function findVendorKeys(
  text: string,
  isHinted: (text: string) => boolean = mayHoldVendorKey,
): Promise<readonly Finding[]> {
  if (!isHinted(text)) return []
  const { rules } = await (preset ??= import('@secretlint/secretlint-rule-preset-recommend'))
  const found = rules.map((rule) => apply(rule, text))
  return (await Promise.all(found)).flat()
}

async function apply(rule: Rule, text: string): Promise<readonly Finding[]> {
  const name = rule.meta.id.replace(/^.*secretlint-rule-/, '')
  if (leftOut.includes(name)) return []
  const found: Finding[] = []
  const noMessage = { message: '', messageId: '', data: undefined }
  const context: Context = {
    sharedOptions: {},
    createTranslator: () => () => noMessage,
    ignore: () => undefined,
    report({ range: [start, told] }) {
      const end = name === 'aws' ? endOfAwsKey(text, start) : told
      const closing = closingSigns.exec(text.slice(start, end))?.[0].length ?? 0
      found.push({ kind: kinds[name] ?? name, start, end: end - closing })
    },
  }
  await rule.create(context, {}).file?.(sourceOf(text))
  return found
}

/** Its rule tells where the variable starts and how long its value is: too short by the name. */
function endOfAwsKey(text: string, start: number): number {
  const value = /[A-Za-z0-9/+=]{40}/g
  value.lastIndex = start
  value.test(text)
  return value.lastIndex
}

/** A text that is no file. None of the rules that are used asks for lines; one that did is an error. */
function sourceOf(content: string): Source {
  const noLines = (): never => {
    throw new Error('a rule of secretlint asks for lines, which it is not given here')
  }
  return {
    content,
    contentType: 'text',
    ext: '',
    filePath: undefined,
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    hasBOM: false,
    indexToPosition: noLines,
    locationToRange: noLines,
    physicalFilePath: undefined,
    positionToIndex: noLines,
    rangeToLocation: noLines,
  }
}
