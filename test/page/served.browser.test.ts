import { readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PageData } from '../../src/schema/page-data.ts'
import { folderWith } from '../cli/folder-with.ts'
import { servePage } from '../cli/page/served-page.ts'
import { runBin } from '../cli/real-process.ts'
import { smallProject } from '../cli/small-set.ts'
import { aCase, aPage } from './a-page.ts'
import { hasChromium, inChromium, launchChromium } from './chromium.ts'
import { openPage, pageHtml, soon } from './open-page.ts'

const whole = aPage()

/** The run at a moment: more cases have come, and at the end a verdict. */
function during(changes: Partial<PageData>, isRunning: boolean): PageData {
  const progress = isRunning ? { progress: `${changes.cases?.length ?? 3} cases so far` } : {}
  return aPage({ ...changes, traces: [], served: { isRunning, ...progress } })
}

let now = during({}, true)
let browser: Browser
let server: Server
let url: string

beforeAll(async () => {
  if (!hasChromium) return
  browser = await launchChromium()
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const trace = whole.traces.find(({ key }) => key === searchParams.get('key'))
    if (pathname === '/page/') response.setHeader('content-type', 'text/html').end(pageHtml(now))
    else if (pathname === '/page/data') response.end(JSON.stringify(now))
    else if (pathname === '/page/trial' && trace !== undefined) response.end(JSON.stringify(trace))
    else response.writeHead(404).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page/`
})
afterAll(async () => {
  if (!hasChromium) return
  await browser.close()
  server.close()
})

describe.skipIf(!hasChromium)(`a served page, ${inChromium}`, () => {
  test('follows a run and leaves the reader where he is, until it has ended', async () => {
    now = during({}, true)
    const { page, requests, said } = await openPage(browser, url)
    await page.getByText('3 cases so far').waitFor()
    const search = page.getByRole('searchbox')
    await search.fill('refund')
    await page.evaluate(() => {
      scrollTo(0, 300)
    })
    const place = await page.evaluate(() => scrollY)
    now = during({ cases: [...whole.cases, aCase('refund.new')], status: 'none' }, true)
    await page.getByText('4 cases so far').waitFor()
    expect(await page.locator('.case .id a').allInnerTexts()).toContain('refund.new')
    expect(await search.inputValue()).toBe('refund')
    expect(await search.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await page.evaluate(() => scrollY)).toBe(place)
    await page.getByRole('link', { name: 'refund.simple' }).focus()
    now = during({ cases: [aCase('refund.first'), ...whole.cases], status: 'none' }, true)
    await page.getByText('refund.first').waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('refund.simple')
    now = during({ heading: 'pass: no regression', status: 'pass' }, false)
    await page.getByRole('heading', { name: 'No regression' }).waitFor()
    expect(await page.locator('.state').innerText()).toBe('')
    const asked = requests.length
    await page.waitForTimeout(2500)
    expect(requests).toHaveLength(asked)
    expect(said).toEqual([])
    await page.close()
  })

  test('asks for each trace once, when it is read', async () => {
    now = during({}, false)
    const { page, requests, said } = await openPage(browser, url, {
      hash: '#case=refund.over-limit&trial=c2',
    })
    await page.locator('.steps > li').first().waitFor()
    await page.getByRole('link', { name: 'compare with baseline #2' }).click()
    await page.locator('.pairs').waitFor()
    expect(requests.slice(1)).toEqual([`${url}trial?key=c2`, `${url}trial?key=b2`])
    expect(said).toEqual([])
    await page.close()
  })

  test('says why a trace cannot be had, and goes on', async () => {
    now = during({}, false)
    const { page } = await openPage(browser, url, { hash: '#case=refund.over-limit&trial=gone' })
    expect(await page.getByRole('alert').innerText()).toBe(
      'This trial cannot be shown: the server answered 404.',
    )
    await page.getByRole('link', { name: 'its trials' }).click()
    await page.getByRole('link', { name: '#2', exact: true }).first().waitFor()
    await page.close()
  })
})

/** What a reader does who wants to know why a case broke. */
async function readWhy(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: /^Regression/ }).waitFor()
  await page.getByRole('searchbox').fill('refund')
  const ids = page.locator('.case .id a')
  await soon(() => ids.allInnerTexts()).toEqual(['refund.one'])
  await ids.click()
  await page.getByRole('link', { name: '#1', exact: true }).first().click()
  await page.locator('.steps > li').first().waitFor()
  await page.getByRole('link', { name: 'compare with baseline #1' }).click()
  await soon(() => page.locator('.pairs > .first').innerText()).toMatch(
    /^First difference[^]*I refunded O-1/,
  )
}

describe.skipIf(!hasChromium)(`pages that the command line makes, ${inChromium}`, () => {
  const cwd = folderWith(smallProject)
  const runs = (): readonly string[] =>
    readdirSync(path.join(cwd, 'agent-eval-results')).filter((name) => name.startsWith('small-'))
  let after: string
  beforeAll(() => {
    expect(runBin(['run', '-q', '--no-gate'], cwd).status).toBe(0)
    const [before = ''] = runs()
    const worse = ['--candidate', 'set/agents/mute.yaml', '--baseline', before]
    expect(runBin(['run', '-q', ...worse, '-r', 'html:page.html'], cwd).status).toBe(1)
    after = runs().find((name) => name !== before) ?? ''
  })
  afterAll(() => {
    rmSync(cwd, { recursive: true })
  })

  test('as a file it asks for nothing but itself', async () => {
    const file = pathToFileURL(path.join(cwd, 'page.html')).href
    const { page, requests, said } = await openPage(browser, file)
    await readWhy(page)
    expect(requests).toEqual([file])
    expect(said).toEqual([])
    await page.close()
  })

  test('served, it asks its own server for the traces that are read', async () => {
    const served = await servePage([after], cwd)
    try {
      expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[^/]+\/$/)
      const { page, requests, said } = await openPage(browser, served.url)
      await readWhy(page)
      const trace = (key: string): string => `${served.url}trial?key=${encodeURIComponent(key)}`
      expect(requests).toEqual([
        served.url,
        trace('candidate/refund.one#1'),
        trace('baseline/refund.one#1'),
      ])
      expect(said).toEqual([])
      await page.close()
    } finally {
      await served.close()
    }
  })
})
