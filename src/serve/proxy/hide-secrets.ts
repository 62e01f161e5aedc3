/** Takes secrets out of a text that comes in pieces. */
export interface SecretHider {
  /** What may go on; the beginning of what may be a secret is held back. */
  readonly push: (text: string) => string
  readonly rest: () => string
}

const marker = '[redacted:api-key]'
/** Shorter values would be found in texts that have nothing to do with them. */
const shortest = 8
const namesSecret = /auth|key|token|secret|cookie/i

/** The values in headers of ours that an answer must never show. */
export function secretsOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => namesSecret.test(name))
    .flatMap(([, value]) => value.split(/\s+/))
    .filter((word) => word.length >= shortest)
}

export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, marker), text)
}

/** The same for a stream, where a secret may be cut in two. */
export function startHider(secrets: readonly string[]): SecretHider {
  let held = ''
  return {
    push(text) {
      const clean = hideSecrets(held + text, secrets)
      const keep = Math.max(0, ...secrets.map((secret) => begun(clean, secret)))
      held = clean.slice(clean.length - keep)
      return clean.slice(0, clean.length - keep)
    },
    rest: () => held,
  }
}

/** How many characters at the end of a text could be the beginning of a secret. */
function begun(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return length
  }
  return 0
}
