/**
 * What must not be written of headers that services are sent: each value, and its words by themselves.
 * A service that is sent `Bearer abc` may tell of `abc`.
 */
export function headerSecrets(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [value, ...value.split(/\s+/)])
}
