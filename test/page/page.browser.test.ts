import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { driftOf } from '../../src/gate/drift.ts'
import type { PageData } from '../../src/schema/page-data.ts'
import { nightsOf } from '../builders/history.ts'
import { hostileTexts } from '../text/hostile-corpus.ts'
import { aCase, aPage, aTrial } from './a-page.ts'
import { hasChromium, inChromium, launchChromium } from './chromium.ts'
import { firstOf, type OpenPage, openPage, pageFolder, soon } from './open-page.ts'

/** From the ninth night on another model answers, and fewer tasks are done. */
const history = driftOf([
  ...nightsOf([0.93, 0.92, 0.94, 0.935, 0.925, 0.93, 0.94, 0.93]),
  ...nightsOf([0, 0, 0, 0, 0, 0, 0, 0, 0.88, 0.885, 0.87, 0.88], {
    servedModels: ['gpt-4o-2024-11-20'],
  }).slice(8),
])
const broken = '#case=refund.over-limit'
const trial = `${broken}&trial=c2`
const two = `${trial}&with=b2`

let browser: Browser
const folder = pageFolder()
let opened: OpenPage | undefined

/** Nothing on the console, and nothing asked for but the file, whatever was done with it. */
async function open(
  data: PageData = aPage({ history }),
  options: Parameters<typeof openPage>[2] = {},
): Promise<OpenPage['page']> {
  opened = await openPage(browser, folder.write(data), options)
  return opened.page
}

beforeAll(async () => {
  if (hasChromium) browser = await launchChromium()
})
afterEach(async () => {
  const last = opened
  opened = undefined
  if (last === undefined) return
  expect(last.said).toEqual([])
  expect(new Set(last.requests.map((url) => url.replace(/#.*/, '')))).toEqual(new Set([last.url]))
  await last.page.close()
})
afterAll(async () => {
  if (hasChromium) await browser.close()
  folder.remove()
})

describe.skipIf(!hasChromium)(`the overview, ${inChromium}`, () => {
  test('says the verdict first, then the answers, the effect, the failures and the evidence', async () => {
    const page = await open()
    await soon(() => page.title()).toBe('regression: support 1.3.0')
    const said = 'Regression 1 customer refunded without approval'
    expect(await page.getByRole('heading', { level: 1, name: said, exact: true }).count()).toBe(1)
    const text = await page.locator('main').innerText()
    const order = [
      'Regression',
      '1 customer refunded without approval',
      'What did it do?',
      'What did it cost?',
      'Would we do it again?',
      'Effect, metric by metric',
      'Failures by kind',
      'Cases',
      'Cost and latency of single trials',
      'What to do next',
      'From night to night',
      'Evidence for auditors',
    ].map((words) => text.indexOf(words))
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    const line = page.getByRole('img', { name: 'change -33.3, plausible -41 to -20.1, limit -5' })
    await soon(() => line.count()).toBe(1)
    await soon(() =>
      page.getByRole('img', { name: /tasks done over 12 nights, alarm/ }).count(),
    ).toBe(1)
  })

  test('filters by words, layer, slice, label and movement, and says how many are left', async () => {
    const page = await open()
    const ids = page.locator('.case .id a')
    const search = page.getByRole('searchbox')
    await search.fill('REFUND never')
    await soon(() => ids.allInnerTexts()).toEqual(['refund.over-limit'])
    await soon(() => page.locator('.found').innerText()).toBe('1 of 3 cases')
    await search.fill('no such case')
    await soon(() => page.locator('.case').count()).toBe(0)
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await soon(() => ids.count()).toBe(3)
    await page.getByLabel('Layer').selectOption('behavioral')
    await soon(() => ids.allInnerTexts()).toEqual(['cancel.before-ship'])
    await page.getByLabel('Layer').selectOption('')
    await page.getByLabel('only moved').check()
    await soon(() => ids.allInnerTexts()).toEqual(['refund.over-limit'])
  })

  test('sorts by a column, the other way round, and as before', async () => {
    const page = await open()
    const first = page.locator('.case .id a').first()
    const head = page.getByRole('columnheader', { name: 'Latency' })
    await head.getByRole('button').click()
    await soon(() => head.getAttribute('aria-sort')).toBe('descending')
    await soon(() => first.innerText()).toBe('cancel.before-ship')
    await head.getByRole('button').click()
    await soon(() => head.getAttribute('aria-sort')).toBe('ascending')
    await soon(() => first.innerText()).toBe('refund.simple')
    await head.getByRole('button').click()
    await soon(() => head.getAttribute('aria-sort')).toBe('none')
    await soon(() => first.innerText()).toBe('refund.over-limit')
  })

  test('selects a command where nothing can be copied', async () => {
    const page = await open()
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined })
    })
    await page.getByRole('button', { name: /^Copy/ }).click()
    await page.getByText('selected: copy it with the keyboard').waitFor()
    await soon(() => page.evaluate(() => getSelection()?.toString())).toBe(
      'npx agent-eval show agent-eval-results/r1/refund.over-limit',
    )
  })

  test('of a run without a verdict and without trials leaves out what it does not have', async () => {
    const page = await open(
      aPage({
        status: 'none',
        metrics: [],
        notes: [],
        distributions: [],
        failures: [],
        cases: [],
        trials: [],
        traces: [],
        commands: [],
        evidence: [],
      }),
    )
    await soon(() => page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'What did it do?',
      'What did it cost?',
      'Would we do it again?',
    ])
    await soon(() => page.locator('.bar nav a').allInnerTexts()).toEqual(['Verdict'])
  })
})

describe.skipIf(!hasChromium)(`a trial, ${inChromium}`, () => {
  test('is read step by step: reason, result, change, and the evidence of each failed check', async () => {
    const page = await open()
    await page.locator('.case').first().click()
    await soon(() => page.evaluate(() => location.hash)).toBe(broken)
    await page.getByRole('link', { name: '#2', exact: true }).first().click()
    const steps = page.locator('.steps > li')
    await soon(() => steps.count()).toBe(7)
    await soon(() => steps.nth(3).innerText()).toContain('because the customer asked for it')
    await soon(() => steps.nth(3).innerText()).toContain('evidence of: approval')
    await soon(() => steps.nth(5).innerText()).toMatch(/\/orders\/1\/refunded\s+0 → 900/)
    await page.getByRole('link', { name: 'step 4' }).click()
    await soon(() => page.evaluate(() => document.activeElement?.id)).toBe('step-4')
    await soon(() => page.getByText('its trace is not on this page').count()).toBe(0)
  })

  test('whose trace is not on the page says so', async () => {
    const page = await open(aPage(), { hash: `${broken}&trial=c3` })
    await soon(() => page.getByRole('alert').innerText()).toContain('its trace is not on this page')
  })

  test('stands beside another one, with the first difference marked and in view', async () => {
    const page = await open(aPage(), { hash: trial })
    await page.getByRole('link', { name: 'compare with baseline #2' }).click()
    const rows = page.locator('.pairs > li')
    await rows.first().waitFor()
    await soon(() =>
      rows.evaluateAll((all) => all.map((row) => row.getAttribute('class'))),
    ).toEqual(['same', 'same', 'same', 'differs first', 'differs', 'differs', 'same'])
    const first = page.locator('.pairs > .first')
    await soon(() => first.innerText()).toMatch(
      /^First difference[^]*issue_refund[^]*request_approval/,
    )
    await soon(() => first.evaluate((row) => row === document.activeElement)).toBe(true)
    await soon(() => page.locator('.difference').innerText()).toContain(
      'The first 3 steps are the same; then step 4 of candidate #2 (left) stands against step 4 of baseline #2',
    )
  })

  test('is opened by its address, and going back goes back', async () => {
    const page = await open(aPage(), { hash: `${trial}&step=5` })
    await soon(() => page.title()).toBe('refund.over-limit: regression: support 1.3.0')
    await soon(() => page.evaluate(() => document.activeElement?.id)).toBe('step-5')
    await page.getByRole('link', { name: 'compare with baseline #2' }).click()
    await page.locator('.pairs').waitFor()
    await page.goBack()
    await page.locator('.steps').waitFor()
    await page.getByRole('link', { name: 'All cases' }).click()
    await page.locator('#verdict').waitFor()
    await soon(() => page.locator('.detail').count()).toBe(0)
    await page.goBack()
    await page.locator('.steps').waitFor()
  })

  test('needs no more of an address than its key', async () => {
    const page = await open(aPage(), { hash: '#trial=b2' })
    await soon(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('refund.over-limit')
  })
})

describe.skipIf(!hasChromium)(`keys, ${inChromium}`, () => {
  const focused = () => document.activeElement?.textContent ?? ''

  test('filter, go down the list, open, read, compare, and close again', async () => {
    const page = await open()
    const key = page.keyboard
    await key.press('/')
    await key.type('refund')
    await key.press('Enter')
    await soon(() => page.evaluate(focused)).toBe('refund.over-limit')
    await key.press('j')
    await soon(() => page.evaluate(focused)).toBe('refund.simple')
    await key.press('ArrowUp')
    await key.press('Enter')
    await page.locator('.trials').first().waitFor()
    await key.press('j')
    await soon(() => page.evaluate(focused)).toBe('#2')
    await key.press('Enter')
    await page.locator('.steps').waitFor()
    await key.press('j')
    await key.press('j')
    await key.press('ArrowDown')
    await soon(() => page.evaluate(focused)).toContain('model: m-1')
    await key.press('End')
    await soon(() => page.evaluate(focused)).toContain('done after 2.1 s')
    await key.press('Escape')
    await page.locator('.steps').waitFor({ state: 'detached' })
    await key.press('Escape')
    await page.locator('.detail').waitFor({ state: 'detached' })
    await soon(() => page.evaluate(focused)).toBe('refund.over-limit')
    await soon(() => page.getByRole('searchbox').inputValue()).toBe('refund')
  })

  test('go from two trials to one, and to the first difference', async () => {
    const page = await open(aPage(), { hash: two })
    await page.locator('.pairs').waitFor()
    await page.keyboard.press('Home')
    await soon(() => page.evaluate(focused)).toContain('refund_agent as support')
    await page.keyboard.press('d')
    await soon(() => page.evaluate(focused)).toContain('First difference')
    await page.keyboard.press('Escape')
    await page.locator('.steps').waitFor()
  })

  test('show what they do, and Esc hides that', async () => {
    const page = await open()
    await page.keyboard.press('?')
    await soon(() => page.getByRole('dialog', { name: 'Keys' }).innerText()).toContain(
      'filter the cases',
    )
    await page.keyboard.press('Escape')
    await soon(() => page.getByRole('dialog').count()).toBe(0)
  })

  test('typed into the filter are text', async () => {
    const page = await open()
    await page.keyboard.press('/')
    await page.keyboard.type('j?/d')
    await soon(() => page.getByRole('searchbox').inputValue()).toBe('j?/d')
    await soon(() => page.getByRole('dialog').count()).toBe(0)
  })

  test('Tab reaches everything, and shows where it is', async () => {
    const page = await open()
    const reached = new Set<string>()
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab')
      const now = await page.evaluate(() => {
        const at = document.activeElement
        if (at === null || at === document.body) return ''
        const row = at.closest('.case')
        const { boxShadow, outlineStyle } = getComputedStyle(row ?? at)
        const isSeen = outlineStyle !== 'none' || boxShadow !== 'none'
        const name = at.getAttribute('aria-label') ?? at.textContent
        return `${isSeen ? '' : 'unseen '}${at.tagName} ${name}`
      })
      if (now === '') break
      reached.add(now)
    }
    const names = [...reached]
    expect(names.filter((name) => name.startsWith('unseen'))).toEqual([])
    for (const name of [
      'A Metrics',
      'BUTTON Theme: auto',
      'INPUT Filter cases by text',
      'SELECT Layer',
      'BUTTON Latency',
      'A refund.over-limit',
      'SUMMARY What changed on which night',
    ])
      expect(names).toContain(name)
  })
})

describe.skipIf(!hasChromium)(`on any screen, ${inChromium}`, () => {
  test.each(['', broken, trial, two])('%j fits into 320 pixels', async (hash) => {
    const page = await open(aPage({ history }), { width: 320, hash })
    await page.locator(firstOf(hash)).first().waitFor()
    const [content, screen] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    expect(content).toBe(screen)
  })

  test.each([
    { dark: false, hash: '' },
    { dark: true, hash: '' },
    { dark: false, hash: trial },
    { dark: true, hash: trial },
    { dark: false, hash: two },
    { dark: true, hash: two },
  ])('every text can be told from what is behind it: %j', async ({ dark, hash }) => {
    const page = await open(aPage({ history }), { dark, hash })
    await page.locator(firstOf(hash)).first().waitFor()
    await soon(() => page.evaluate(faintTexts)).toEqual([])
  })

  test('and one that cannot would be found', async () => {
    const page = await open()
    await page.evaluate(() => {
      document.documentElement.style.setProperty('--soft', '#999')
    })
    expect((await page.evaluate(faintTexts)).join('\n')).toMatch(/^2\.8 A Metrics$/m)
  })

  test('the theme goes from the system to light and to dark', async () => {
    const page = await open()
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await paper()
    await page.getByRole('button', { name: 'Theme: auto' }).click()
    await soon(paper).toBe(light)
    await page.getByRole('button', { name: 'Theme: light' }).click()
    await soon(paper).not.toBe(light)
    await soon(() => page.getByRole('button', { name: 'Theme: dark' }).count()).toBe(1)
  })

  test('paper shows every case, and no controls', async () => {
    const page = await open(many(300))
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await soon(() => page.locator('.case').count()).toBe(300)
    await soon(() => page.locator('.controls').isVisible()).toBe(false)
  })
})

function many(count: number): PageData {
  const cases = Array.from({ length: count }, (_, at) =>
    aCase(`case-${String(at).padStart(4, '0')}`, { reason: `reason ${at % 7}`, latencyMs: at }),
  )
  return aPage({
    cases,
    trials: cases.map(({ id }) => aTrial(`${id}#1`, { case: id, hasTrace: false })),
    traces: [],
  })
}

describe.skipIf(!hasChromium)(`5,000 cases, ${inChromium}`, () => {
  test('stay smooth: few rows are drawn, wherever the reader is', async () => {
    const page = await open(many(5000))
    const rows = page.locator('.case')
    await soon(() => rows.count()).toBeLessThanOrEqual(20)
    await page.getByRole('button', { name: 'Show all 5,000' }).click()
    await soon(() => rows.count()).toBeLessThanOrEqual(120)
    await page.evaluate(() => {
      scrollBy(0, 100_000)
    })
    await page.locator('[data-at="2060"]').waitFor()
    await soon(() => rows.count()).toBeLessThanOrEqual(120)
    await page.locator('.rows a[tabindex="0"]').focus()
    await page.keyboard.press('End')
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('case-4999')
    await page.keyboard.press('k')
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('case-4998')
    await soon(() => rows.count()).toBeLessThanOrEqual(120)
    await soon(() => page.locator('[role="table"].cases').getAttribute('aria-rowcount')).toBe(
      '5001',
    )
  })

  test('are filtered while one types', async () => {
    const page = await open(many(5000))
    await page.getByRole('button', { name: 'Show all 5,000' }).click()
    const took = await page.evaluate(() => {
      const search = document.querySelector<HTMLInputElement>('[type="search"]')
      if (search === null) return NaN
      const start = performance.now()
      for (const text of ['c', 'ca', 'case', 'case-4', 'case-49', 'case-499']) {
        search.value = text
        search.dispatchEvent(new Event('input', { bubbles: true }))
      }
      return (performance.now() - start) / 6
    })
    await soon(() => page.locator('.case').count()).toBe(10)
    // Generous: a slow machine under load still passes, a table drawn whole does not.
    expect(took).toBeLessThan(250)
  })
})

describe.skipIf(!hasChromium)(`hostile texts, ${inChromium}`, () => {
  test('stand on the page as they are, and nothing in them comes alive', async () => {
    const texts = hostileTexts.map((one) =>
      (typeof one === 'string' ? one : one.text).slice(0, 5000),
    )
    const hostile = (at: number): string => texts[at % texts.length] ?? ''
    const plain = aPage({ history })
    const trace = plain.traces[0]
    const page = await open({
      ...plain,
      heading: hostile(0),
      notes: texts.map((value, at) => ({ label: hostile(at + 1), value })),
      cases: plain.cases.map((row, at) => ({
        ...row,
        title: hostile(at),
        reason: hostile(at + 3),
      })),
      traces: [
        {
          ...trace!,
          steps: texts.map((words, seq) => ({
            seq,
            kind: 'agent',
            title: hostile(seq + 5),
            words,
            data: words,
            because: words,
            same: '',
          })),
        },
      ],
    })
    const live = (): Promise<number> =>
      page.evaluate(
        () => document.querySelectorAll('main img, main script, main iframe, main object').length,
      )
    await soon(live).toBe(0)
    await page.evaluate((hash) => {
      location.hash = hash
    }, trial)
    await page.locator('.steps > li').last().waitFor({ state: 'attached' })
    await soon(() => page.locator('.steps > li').count()).toBe(texts.length)
    await soon(live).toBe(0)
    await soon(() => page.evaluate(() => Object.hasOwn(globalThis, 'alerted'))).toBe(false)
  })
})

/** Texts whose colour has less than 4.5 : 1 against what is behind them. Runs in the page. */
function faintTexts(): readonly string[] {
  const channels = (colour: string): readonly number[] => {
    const numbers = (colour.match(/[\d.]+/g) ?? []).map(Number)
    return colour.startsWith('color(') ? numbers.map((n, at) => (at < 3 ? n * 255 : n)) : numbers
  }
  const light = ([r = 0, g = 0, b = 0]: readonly number[]): number => {
    const [x = 0, y = 0, z = 0] = [r, g, b].map((n) =>
      n / 255 <= 0.03928 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const behind = (node: Element | null): readonly number[] => {
    if (node === null) return [255, 255, 255]
    const colour = channels(getComputedStyle(node).backgroundColor)
    return colour.length === 3 || (colour[3] ?? 0) > 0 ? colour : behind(node.parentElement)
  }
  return [...document.querySelectorAll('body *')].flatMap((node) => {
    const hasText = [...node.childNodes].some(
      (child) => child.nodeType === Node.TEXT_NODE && child.textContent?.trim() !== '',
    )
    if (!hasText || node.closest('script, style, svg defs') !== null) return []
    const style = getComputedStyle(node)
    const text = channels(node instanceof SVGElement ? style.fill : style.color)
    const [a, b] = [light(text), light(behind(node))]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    return ratio >= 4.5 ? [] : [`${ratio.toFixed(1)} ${node.tagName} ${node.textContent}`]
  })
}
