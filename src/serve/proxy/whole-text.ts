/**
 * A body that comes in chunks, no longer than it may be.
 *
 * @throws Error where it is longer than `maxLength` characters
 */
export async function* bounded(
  body: AsyncIterable<string>,
  maxLength: number,
): AsyncGenerator<string> {
  let length = 0
  for await (const text of body) {
    length += text.length
    if (length > maxLength) throw new Error(`an answer of more than ${maxLength} characters`)
    yield text
  }
}

/**
 * All of such a body.
 *
 * @throws Error where it is longer than `maxLength` characters, or breaks off
 */
export async function wholeText(body: AsyncIterable<string>, maxLength: number): Promise<string> {
  const texts: string[] = []
  for await (const text of bounded(body, maxLength)) texts.push(text)
  return texts.join('')
}

/** The same the other way round. */
export async function* oneText(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text)
}
