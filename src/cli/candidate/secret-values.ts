/** Names of environment variables whose values must never be written. */
const secretName = /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)(?:$|_)/

/** Shorter values are words, and redacting words would tear the text apart. */
const leastLength = 8

/** The secrets that this process was given, so that the journal can leave them out wherever they turn up. */
export function secretValues(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined && value.length >= leastLength ? [value] : [],
  )
}
