import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { driftOf } from '../../src/gate/drift.ts'
import { nightsOf } from '../builders/history.ts'
import { aCase, aPage, aTrial } from './a-page.ts'
import { hasChromium, inChromium, launchChromium } from './chromium.ts'
import { firstOf, openPage, pageFolder, soon } from './open-page.ts'

const history = driftOf(nightsOf(Array.from({ length: 12 }, (_, at) => (at < 8 ? 0.93 : 0.7))))
const broken = '#case=refund.over-limit'
const trial = `${broken}&trial=c2`
const two = `${trial}&with=b2`
const widths = [320, 375, 600, 767, 768, 900, 959, 960, 1024, 1151, 1152, 1280, 1920]

/** As long as a page lets a text be: one word, right to left, and characters of several parts. */
const longTexts = [
  'x'.repeat(20_000),
  'החזר כספי '.repeat(800),
  '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(500),
  'مرحبا/'.repeat(1300),
]
const long = (at: number): string => longTexts[at % longTexts.length] ?? ''

let browser: Browser
const folder = pageFolder()

beforeAll(async () => {
  if (hasChromium) browser = await launchChromium()
})
afterAll(async () => {
  if (hasChromium) await browser.close()
  folder.remove()
})

/** Long texts in every place that holds foreign text. */
function longPage(): ReturnType<typeof aPage> {
  const plain = aPage({ history })
  return {
    ...plain,
    heading: long(0),
    remarks: longTexts,
    notes: [...longTexts, ...longTexts].map((value, at) => ({
      label: long(at + 1).slice(0, 200),
      value,
    })),
    failures: longTexts.map((reason, at) => ({
      bucket: `kind ${at}`,
      failures: [{ case: long(at + 1).slice(0, 200), reason, count: 5 }],
    })),
    cases: [
      ...plain.cases.map((row, at) => ({ ...row, title: long(at), reason: long(at + 1) })),
      aCase('a-case.with-an-id.'.repeat(12), { label: 'FAIL; beyond its own noise; rule broken' }),
    ],
    trials: [...plain.trials, aTrial('c9', { name: '#9', reason: long(0), harm: long(1) })],
    traces: plain.traces.map((trace) => ({
      ...trace,
      grades: trace.grades.map((grade, at) => ({ ...grade, reason: long(at) })),
      steps: trace.steps.map((step, at) => ({
        ...step,
        title: `${step.title} ${long(at).slice(0, 500)}`,
        words: long(at),
        data: `${'[\n'.repeat(20)}${long(at + 1)}`,
        because: long(at + 2),
      })),
    })),
    commands: plain.commands.map((command) => ({ ...command, command: `npx ${long(0)}` })),
    evidence: [{ title: 'Versions', facts: longTexts.map((value) => ({ label: 'hash', value })) }],
  }
}

/** Shows another view of the page that is open. */
async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate(
    (to) =>
      new Promise<void>((done) => {
        if (location.hash === to) {
          done()
          return
        }
        // The page listens longer and has drawn the view before this is called.
        const show = (): void => {
          done()
        }
        addEventListener('hashchange', show, { once: true })
        location.hash = to
      }),
    hash,
  )
  await page.locator(firstOf(hash)).first().waitFor()
}

/** Another width, and the page laid out for it. */
async function widen(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 800 })
  await page.waitForFunction((wanted) => innerWidth === wanted, width)
}

const views = ['', broken, trial, two]

describe.skipIf(!hasChromium)(`the page with long texts, ${inChromium}`, () => {
  let page: Page
  beforeAll(async () => {
    if (hasChromium) page = (await openPage(browser, folder.write(longPage()))).page
  })

  test.each(views)('%j never scrolls sideways, at any width', async (hash) => {
    await go(page, hash)
    const wide: string[] = []
    for (const width of widths) {
      await widen(page, width)
      const content = await page.evaluate(() => document.documentElement.scrollWidth)
      if (content !== width) wide.push(`${content} at ${width}`)
    }
    expect(wide).toEqual([])
  })

  test('has rows of cases of one height, whatever they say', async () => {
    await go(page, '')
    for (const width of [320, 800, 1280]) {
      await widen(page, width)
      const heights = await page
        .locator('.case')
        .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height))
      expect(heights).toHaveLength(4)
      expect(new Set(heights).size, `at ${width}`).toBe(1)
    }
    expect((await page.evaluate(cutTexts)).length).toBeGreaterThan(0)
  })

  test.each(['', trial, two])(
    '%j hides and cuts nothing on paper, in dark letters',
    async (hash) => {
      await page.setViewportSize({ width: 718, height: 1000 })
      await go(page, hash)
      await page.evaluate(() => {
        document.documentElement.dataset['theme'] = 'dark'
      })
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      const closed = await page.locator('main details:not([open])').count()
      expect(closed).toBeGreaterThan(0)
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
      await soon(() => page.locator('main details:not([open])').count()).toBe(0)
      await soon(() => page.evaluate(cutTexts)).toEqual([])
      await soon(() => page.evaluate(() => getComputedStyle(document.body).color)).toBe(
        'rgb(26, 29, 33)',
      )
      await page.evaluate(() => dispatchEvent(new Event('afterprint')))
      await soon(() => page.locator('main details:not([open])').count()).toBe(closed)
      await page.emulateMedia({ media: null, colorScheme: null })
    },
  )
})

describe.skipIf(!hasChromium)(`the page, ${inChromium}`, () => {
  let page: Page
  beforeAll(async () => {
    if (!hasChromium) return
    page = (await openPage(browser, 'about:blank')).page
    await page.addInitScript(() => {
      const shifts: number[] = []
      Object.assign(globalThis, { shifts })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          shifts.push((entry as unknown as { value: number }).value)
      }).observe({ type: 'layout-shift', buffered: true })
    })
    const cases = Array.from({ length: 60 }, (_, at) => aCase(`case-${at}`))
    const plain = aPage({ history })
    await page.goto(folder.write({ ...plain, cases: [...plain.cases, ...cases] }))
  })

  test('does not jump while it comes', async () => {
    await page.waitForTimeout(200)
    const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)
    expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.01)
  })

  test.each(views)('%j has one first heading, and no level is left out', async (hash) => {
    await go(page, hash)
    const levels = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('h1, h2, h3, h4')]
        .filter((heading) => heading.checkVisibility())
        .map(({ tagName }) => Number(tagName.slice(1))),
    )
    expect(levels.filter((level) => level === 1)).toEqual([1])
    expect(levels[0]).toBe(1)
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? level) + 1)).toEqual([])
  })

  test('has landmarks with names, tables with heads, and tells how many cases are left', async () => {
    await go(page, '')
    for (const role of ['banner', 'main', 'search'] as const)
      await soon(() => page.getByRole(role).count(), role).toBe(1)
    await soon(() => page.getByRole('navigation', { name: 'Sections' }).count()).toBe(1)
    await soon(() => page.getByRole('region', { name: 'Evidence for auditors' }).count()).toBe(1)
    const cases = page.getByRole('table', { name: 'Cases' })
    await soon(() => cases.getByRole('columnheader').count()).toBe(7)
    await soon(() => cases.getByRole('rowheader').allInnerTexts()).toContain('refund.simple')
    await soon(() => cases.getByRole('columnheader').first().getAttribute('aria-sort')).toBe('none')
    await page.getByLabel('only moved').check()
    await soon(() => page.getByRole('status').filter({ hasText: '1 of 63 cases' }).count()).toBe(1)
    await page.getByLabel('only moved').uncheck()
  })

  test('hides no row that keys go to behind what sticks', async () => {
    await go(page, '')
    await page.locator('.more').click()
    for (const width of [320, 800, 1280]) {
      await widen(page, width)
      await page.keyboard.press('End')
      for (let presses = 0; presses < 30; presses += 1) await page.keyboard.press('ArrowUp')
      await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('case-29')
      const isSeen = (): Promise<boolean> =>
        page.evaluate(() => {
          const { left = 0, top = 0 } = document.activeElement?.getBoundingClientRect() ?? {}
          return document.elementFromPoint(left + 2, top + 2) === document.activeElement
        })
      await soon(isSeen, `at ${width}`).toBe(true)
    }
  })

  test('leads from a check to the step that shows it, which is marked, also after a reload', async () => {
    await go(page, trial)
    const outline = (): Promise<string> =>
      page.locator('#step-4').evaluate((step) => getComputedStyle(step).outlineStyle)
    await soon(outline).toBe('none')
    await page.getByRole('link', { name: 'step 4' }).click()
    await soon(outline).toBe('solid')
    await page.reload()
    await page.locator('#step-4').waitFor()
    await soon(outline).toBe('solid')
  })

  test('says how the trials of a baseline that has none here can be read beside', async () => {
    await go(page, broken)
    await soon(() => page.locator('.trial-list').innerText()).not.toContain('--baseline')
    const onlyCandidate = [aTrial('c2', { outcome: 'fail' })]
    await page.goto(folder.write(aPage({ trials: onlyCandidate })) + broken)
    await page.locator('.trials').first().waitFor()
    await soon(() => page.locator('.trial-list').innerText()).toContain('--baseline RUN-BEFORE')
  })
})

/** Texts of which a part cannot be seen, and that paper cannot scroll. Runs in the page. */
function cutTexts(): readonly string[] {
  return [...document.querySelectorAll<HTMLElement>('main *')].flatMap((node) => {
    const { display, overflowX, overflowY } = getComputedStyle(node)
    if (!node.checkVisibility() || display === 'inline' || node instanceof SVGElement) return []
    const isWide = overflowX !== 'visible' && node.scrollWidth > node.clientWidth + 1
    const isTall = overflowY !== 'visible' && node.scrollHeight > node.clientHeight + 1
    return isWide || isTall ? [`${node.className} ${node.textContent.slice(0, 40)}`] : []
  })
}
