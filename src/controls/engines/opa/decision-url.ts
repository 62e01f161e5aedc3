type DecisionUrl =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly error: string; readonly hint: string }

const examples = 'http://localhost:8181, or unix:/run/opa.sock'

/**
 * Where a server is asked for a decision.
 *
 * Of a socket of this machine it is `http://unix:/run/opa.sock:/v1/data/…`, with the socket's own
 * colons and other special characters escaped; that is how the `fetch` of the ports takes it.
 *
 * @param address - `http://…`, `https://…`, `unix:/run/opa.sock` or `unix:///run/opa.sock`
 * @param path - the rule, such as `support/decision`
 */
export function decisionUrl(address: string, path: string): DecisionUrl {
  const endpoint = `/v1/data/${path}`
  if (!address.startsWith('unix:')) return httpUrl(address, endpoint)
  const socket = address.slice('unix:'.length).replace(/^\/\/(?=\/)/, '')
  if (!/^\/[^/\0]/.test(socket) || socket.includes('\0'))
    return notOk('is no absolute path of a socket')
  const escaped = socket.split('/').map(encodeURIComponent).join('/')
  return { ok: true, url: `http://unix:${escaped}:${endpoint}` }
}

function httpUrl(address: string, endpoint: string): DecisionUrl {
  const url = parseUrl(address)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    return notOk('is no address of a server')
  if (url.username !== '' || url.password !== '')
    return notOk('has a user or a password in it', 'name the variable of a token with `token_env`')
  if (url.search !== '' || url.hash !== '') return notOk('has more than a host and a path')
  if (/\/v1(?:\/|$)/.test(url.pathname))
    return notOk('has a path of the API in it', 'name the rule with `path`')
  return { ok: true, url: url.href.replace(/\/+$/, '') + endpoint }
}

function parseUrl(address: string): URL | undefined {
  try {
    return new URL(address)
  } catch {
    return undefined
  }
}

function notOk(error: string, hint = `such as ${examples}`): DecisionUrl {
  return { ok: false, error: `it ${error}`, hint }
}
