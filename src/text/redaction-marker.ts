/** What stands in the place of a secret. The kind says what was there, never how long it was. */
export function redactionMarker(kind: string): string {
  return `[redacted:${kind}]`
}

/** True for a text that is nothing but a marker, so that redacting twice changes nothing. */
export function isRedactionMarker(text: string): boolean {
  return /^\[redacted:[a-z-]+\]$/.test(text)
}
