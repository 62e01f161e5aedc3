/** `length` characters that look random and say that they are not. */
const body = (length: number): string => 'Fake0Secret1For2Tests3'.repeat(6).slice(0, length)

/**
 * One made-up secret per kind, by the kind its redaction names.
 *
 * Put together at run time: secret scanners of code hosts refuse files with whole ones.
 */
export const fakeSecrets: readonly (readonly [kind: string, secret: string])[] = [
  ['openai-key', `sk-${body(48)}`],
  ['openai-key', `sk-proj-${body(30)}_-${body(30)}`],
  ['anthropic-key', `sk-ant-api03-${body(60)}-AA`],
  ['stripe-key', `sk_live_${body(24)}`],
  ['stripe-key', `rk_test_${body(24)}`],
  ['aws-key', `AKIA${body(16).toUpperCase()}`],
  ['aws-key', `ASIA${body(16).toUpperCase()},${body(38)}/+`],
  ['github-token', `ghp_${body(36)}`],
  ['github-token', `gho_${body(36)}`],
  ['github-token', `github_pat_${body(22)}_${body(59)}`],
  ['gitlab-token', `glpat-${body(20)}`],
  ['slack-token', `xoxb-${'1'.repeat(12)}-${body(24)}`],
  ['slack-webhook', `hooks.slack.com/services/T0/B0/${body(24)}`],
  ['google-key', `AIza${body(35)}`],
  ['npm-token', `npm_${body(36)}`],
  ['pypi-token', `pypi-${body(60)}`],
  ['azure-key', `AccountKey=${body(86)}==`],
  ['jwt', ['eyJ' + body(20), 'eyJ' + body(40), body(43)].join('.')],
  ['bearer-token', `Bearer ${body(32)}`],
  ['basic-auth', `Authorization: Basic ${body(20)}=`],
  [
    'private-key',
    ['BEGIN RSA PRIVATE', 'END RSA PRIVATE']
      .map((edge) => `-----${edge} KEY-----`)
      .join(`\nProc-Type: 4,ENCRYPTED\n\n${body(64)}\n${body(20)}==\n`),
  ],
]
