/** Puts an attacker's text behind the one that it hides in: after a blank line, if there is one. */
export function appendText(host: string, text: string): string {
  return host === '' ? text : `${host}\n\n${text}`
}
