/** Keeps a number and its unit on one line. */
export function unbroken(text: string): string {
  return text.replace(/(\d) (%|ms|s|points)(?!\w)/g, '$1\u00a0$2')
}
