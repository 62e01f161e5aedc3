/** What a person can follow is shorter. */
const longest = 500

/**
 * A scheme that opens a page, a host without a user before it, and a path of characters that end no link
 * in Markdown or HTML and break no line.
 */
const address = /^https?:\/\/[\w.-]+(?::\d{1,5})?\/[\w./%+=~?&#:@-]*$/

/**
 * An address that may stand behind a link of ours, as it is: nothing in it can end the link, hide where
 * it leads, carry a password or run anything. It may come from a fork, or from a host that nobody knows.
 *
 * Names in other scripts are refused: they can look like another host. Written as browsers send them
 * (`xn--…`, `%C3%A9`) they are taken.
 *
 * @returns `undefined` for everything else
 */
export function linkAddress(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= longest && address.test(text) ? text : undefined
}

/**
 * An address below which files can be read: one that a path can be put behind.
 *
 * @returns it with one slash at its end; `undefined` for what is no link, or asks or points inside of a page
 */
export function folderAddress(text: string | undefined): string | undefined {
  const link = linkAddress(text)
  return link === undefined || /[?#]/.test(link) ? undefined : link.replace(/\/*$/, '/')
}

/** Part of a path in an address; also what `encodeURIComponent` leaves and Markdown would read. */
export function addressPart(part: string): string {
  return encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[()'*!~]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  )
}
