/** Where an address in a text leads; `host` is absent where nobody can say. */
export interface FoundHost {
  readonly written: string
  readonly host: string | undefined
}

/**
 * Where an address begins: after `https:` and the like with any slashes, after `://` of whatever
 * scheme, after two slashes at the beginning of a word (`//host`), at `www.`. Browsers take a
 * backslash for a slash.
 */
const beginning =
  /(?<![\p{L}\p{N}])(?:https?|wss?|ftp):[/\\]*|:[/\\]{2,}|(?<![\p{L}\p{N}:/\\.%~-])[/\\]{2,}|(?<![\p{L}\p{N}_.-])(?=www[.。][\p{L}\p{N}_-])/giu

/** The same at the very beginning of a text, without the `www.`. */
const wholeAddress = /^(?:(?:https?|wss?|ftp):[/\\]*|[a-z][a-z0-9+.-]{0,30}:[/\\]{2,}|[/\\]{2,})/i

/** User, host and port. Longer ones are no addresses, and cannot be read. */
const longestAuthority = 2_000
const authority = /[^\s/\\?#]{0,2001}/uy

/** The domain of an e-mail address, or what stands for one in brackets. */
const mailDomain = /(?<=(\S))@([\p{L}\p{N}\p{M}._。-]+|\[[^\]\s]*)/gu

/**
 * The hosts of all addresses in a text: URLs, `//host`, `www.host`, e-mail addresses.
 *
 * Canonical as in browsers (WHATWG URL): lower case, punycode, no dot at the end, IPv6 in brackets. A
 * bare `example.com` is not found: it could as well be the name of a file.
 */
export function* hostsIn(text: string): Iterable<FoundHost> {
  for (const { 0: start, index } of text.matchAll(beginning)) {
    authority.lastIndex = index + start.length
    yield* hostOf(authority.exec(text)?.[0] ?? '')
  }
  for (const [, before = '', domain = ''] of text.matchAll(mailDomain)) {
    // An address in brackets is an IP of somebody's, and on no list of domains.
    if (domain.startsWith('[')) yield { written: domain, host: undefined }
    else if (isMailDomain(domain, before)) yield* hostOf(domain)
  }
  yield* acrossLines(text)
}

/**
 * A host as browsers compare it; `undefined` where it is none.
 *
 * @param written - with or without a port
 */
export function canonicalHost(written: string): string | undefined {
  try {
    const host = new URL(`http://${written}`).hostname.replace(/\.+$/, '')
    return host === '' ? undefined : host
  } catch {
    return undefined
  }
}

/** Browsers drop tabs and line breaks: `https://good.com⏎@evil.com`, as a whole, leads to evil.com. */
function* acrossLines(text: string): Iterable<FoundHost> {
  if (!/[\t\n\r]/.test(text)) return
  const flat = text.replace(/[\t\n\r]/g, '').replace(/^[\u0000-\u0020]+/, '')
  const start = wholeAddress.exec(flat)?.[0]
  if (start === undefined) return
  const rest = flat.slice(start.length)
  const end = rest.search(/[/\\?#]/)
  const found = end === -1 ? rest : rest.slice(0, end)
  // A host has no space: these are words, and the address ended with its line.
  if (!/\s/.test(found)) yield* hostOf(found)
}

/** Nothing where only punctuation stands, as after the `https:` of a sentence. */
function* hostOf(found: string): Iterable<FoundHost> {
  if (found.length > longestAuthority) {
    yield { written: found, host: undefined }
    return
  }
  const at = found.lastIndexOf('@')
  const server = serverIn(found.slice(at + 1))
  if (server === '') return
  // Where a name of a user holds more than a name, somebody may read a host in it.
  const isReadable = /^[\w.~%!$&*+=:-]*$/.test(found.slice(0, at + 1).replace(/@$/, ''))
  const host = isReadable && server !== undefined ? canonicalHost(server) : undefined
  yield { written: found, host }
}

/**
 * Host and port without the punctuation of the sentence around them: `good.com` in `(good.com),`.
 *
 * @returns `undefined` where it goes on behind the punctuation and might be one longer name
 */
function serverIn(text: string): string | undefined {
  if (text.startsWith('[')) return bracketed(text)
  const cut = text.search(/[<>[\]^|]/)
  if (cut !== -1 && /[.。%][\p{L}\p{N}]/u.test(text.slice(cut))) return undefined
  const kept = cut === -1 ? text : text.slice(0, cut)
  return /^.*[\p{L}\p{N}\p{M}]/su.exec(kept)?.[0] ?? ''
}

/** An IPv6 address and its port. */
function bracketed(text: string): string | undefined {
  const address = /^\[[^\]]*\](?::\d+)?/.exec(text)?.[0] ?? ''
  return /[\p{L}\p{N}]/u.test(text.slice(address.length)) ? undefined : address
}

/** `@name` after a slash or a quote is a handle; `name@1.2` is a version. */
function isMailDomain(domain: string, before: string): boolean {
  return /\p{L}/u.test(domain) && (/[.。]/.test(domain) || /[\p{L}\p{N}_]/u.test(before))
}
