/**
 * A text in which files of a folder are named relative to it: where an agent lies differs from machine
 * to machine, and is nobody's business.
 *
 * @param folder - absolute; of `/` nothing is taken away
 */
export function withoutFolder(text: string, folder: string): string {
  const plain = folder.replace(/[/\\]+$/, '')
  if (plain === '') return text
  const slashed = plain.replaceAll('\\', '/')
  const address = `file://${slashed.startsWith('/') ? '' : '/'}${encodeURI(slashed)}/`
  return [address, `${plain}/`, `${plain}\\`].reduce((left, one) => left.replaceAll(one, ''), text)
}
