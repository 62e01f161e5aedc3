/** `length` characters that look random and say that they are not. */
const body = (length: number): string => 'Fake0Secret1For2Tests3'.repeat(8).slice(0, length)

/** The bracket that closes it stands alone in its group of base64, as in real ones. */
const opsToken = `ops_${btoa(JSON.stringify({ email: 'x', key: body(93) }))}`

/**
 * Made-up secrets that only the rules of secretlint know, by the kind that is told. Put together at run
 * time: secret scanners of code hosts refuse files with whole ones.
 */
export const vendorSecrets: readonly (readonly [kind: string, secret: string])[] = [
  ['sendgrid-key', `SG.${body(22)}.${body(43)}`],
  ['shopify-key', `shpat_${body(32)}`],
  ['linear-key', `lin_api_${body(40)}`],
  ['1password-token', opsToken],
  ['aws-key', `aws_secret_access_key = ${body(20)}/+${body(18)}`],
  ['aws-key', `AWS_SECRET_ACCESS_KEY${' '.repeat(30)}:${' '.repeat(30)}${body(40)}`],
  ['url-password', `mongodb+srv://app:${body(12)}#1@db.example.net/orders?tls=true`],
]
