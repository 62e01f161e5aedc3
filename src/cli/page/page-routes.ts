import type { ServedRequest, ServedResponse } from '../../ports.ts'
import { dataText, policyOf, renderPageHtml } from '../../report/page/document.ts'
import type { PageAssets } from '../../report/page/page-material.ts'
import type { LivePage } from './live-page.ts'

/** A page that is served, below a path that nobody guesses. */
export interface ServedPage {
  readonly page: LivePage
  readonly assets: PageAssets
  readonly token: string
  /** Where it listens; nobody is answered before that is known. */
  readonly origin: () => string | undefined
}

/**
 * Answers for the page, its data, and one trial. Everything else is not there.
 *
 * Only who calls this machine by its own name is answered: a page from elsewhere can make a name of its
 * own point here, and would read what stands in the traces.
 */
export async function answerPage(
  { headers, method, url }: ServedRequest,
  served: ServedPage,
): Promise<ServedResponse> {
  if (!isOwnName(headers['host'], served.origin())) return refusal(403)
  if (method !== 'GET') return refusal(405, { allow: 'GET' })
  const { path, query } = partsOf(url)
  const { page, token } = served
  if (path === `/${token}/`) return document(await page.data(), served.assets)
  if (path === `/${token}/data`) return json(await page.data())
  if (path !== `/${token}/trial`) return refusal(404)
  const trace = await page.trace(query.get('key') ?? '')
  return trace === undefined ? refusal(404) : json(trace)
}

function isOwnName(host: string | undefined, origin: string | undefined): boolean {
  if (origin === undefined) return false
  const { port } = new URL(origin)
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`
}

function partsOf(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  return { path, query: new URLSearchParams(mark === -1 ? '' : url.slice(mark)) }
}

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
} as const

const nothing = "default-src 'none'; frame-ancestors 'none'"

function document(data: Parameters<typeof renderPageHtml>[0], assets: PageAssets): ServedResponse {
  return {
    status: 200,
    headers: {
      ...always,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `${policyOf(data, assets)}; frame-ancestors 'none'`,
    },
    body: bytes(renderPageHtml(data, assets)),
  }
}

function json(data: object): ServedResponse {
  return {
    status: 200,
    headers: {
      ...always,
      'content-type': 'application/json; charset=utf-8',
      'content-security-policy': nothing,
    },
    body: bytes(dataText(data)),
  }
}

function refusal(status: number, more: Readonly<Record<string, string>> = {}): ServedResponse {
  return {
    status,
    headers: { ...always, ...more, 'content-security-policy': nothing },
    body: new Uint8Array(),
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
