import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { renderPageHtml } from '../../src/report/page/document.ts'
import type { PageData } from '../../src/schema/page-data.ts'
import { builtAssets } from './built-assets.ts'

/** A page that is open in a browser, and what it did beside showing itself. */
export interface OpenPage {
  readonly page: Page
  readonly url: string
  /** Errors, warnings and messages of the console; empty where all is well. */
  readonly said: readonly string[]
  /** Everything it asked for, itself included. */
  readonly requests: readonly string[]
}

/** The page as the file that `--html` writes. */
export function pageHtml(data: PageData): string {
  return renderPageHtml(data, builtAssets)
}

/** A folder for pages; `remove` takes it away. */
export function pageFolder(): {
  readonly write: (data: PageData) => string
  readonly remove: () => void
} {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'agent-eval-page-'))
  let written = 0
  return {
    write: (data) => {
      written += 1
      const file = path.join(folder, `page-${written}.html`)
      writeFileSync(file, pageHtml(data))
      return pathToFileURL(file).href
    },
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}

export async function openPage(
  browser: Browser,
  url: string,
  options: { readonly width?: number; readonly hash?: string; readonly dark?: boolean } = {},
): Promise<OpenPage> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1280, height: 800 },
    colorScheme: options.dark === true ? 'dark' : 'light',
  })
  const said: string[] = []
  const requests: string[] = []
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => said.push(error.message))
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(`${url}${options.hash ?? ''}`)
  return { page, url, said, requests }
}

/**
 * Expects of a page what it comes to after an action: an address, a focus or a drawing may follow a click
 * a moment later, on a busy machine a long one.
 */
export function soon<Value>(
  read: () => Promise<Value>,
  message?: string,
): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(read, { timeout: 20_000, ...(message !== undefined && { message }) })
}

/** What is seen first of each view of the page. */
export function firstOf(hash: string): string {
  if (hash.includes('with=')) return '.pairs > li'
  if (hash.includes('trial=')) return '.steps > li'
  return hash.includes('case=') ? '.trials' : '#evidence'
}
