import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pageData } from '../../src/schema/page-data.ts'
import { runCli } from '../cli/run-cli.ts'
import { hasChromium, inChromium, launchChromium } from '../page/chromium.ts'
import { openPage } from '../page/open-page.ts'
import { dataOf, parsedHtml } from '../report/page/parsed-html.ts'
import { hostileSets } from './hostile-project.ts'
import type { HostileDesk } from './hostile-run.ts'
import { expectInertPage } from './inert.ts'

/** The page of a run with the trials of both arms: as a parser reads it, and as a browser does. */
export function testPages(desk: () => HostileDesk): void {
  describe('the page of a hostile run', () => {
    const files: string[] = []

    beforeAll(async () => {
      const { baselines, cwd, runs } = desk()
      for (const [at, folder] of runs[0]?.folders.entries() ?? []) {
        const file = `${folder}.html`
        const argv = ['view', folder, '--html', file, '--baseline', baselines[at] ?? '']
        const { exitCode, stderr } = await runCli(argv, { cwd })
        expect(exitCode, stderr).toBe(0)
        files.push(path.join(cwd, file))
      }
    }, 120_000)

    test('have no markup and no script but ours, and data of their schema', () => {
      expect(files).toHaveLength(hostileSets.length)
      for (const file of files) {
        const html = readFileSync(file, 'utf8')
        expectInertPage(html)
        expect(pageData.parse(dataOf(parsedHtml(html))).traces.length).toBeGreaterThan(0)
      }
    })

    describe.skipIf(!hasChromium)(inChromium, () => {
      let browser: Browser
      beforeAll(async () => {
        browser = await launchChromium()
      })
      afterAll(async () => {
        await browser.close()
      })

      test('run no script of theirs, ask for nothing, and say nothing on the console', async () => {
        for (const file of files) await expectQuiet(browser, file)
      }, 120_000)
    })
  })
}

/** Opens the page, then each of its cases with a trial of both arms. */
async function expectQuiet(browser: Browser, file: string): Promise<void> {
  const data = pageData.parse(dataOf(parsedHtml(readFileSync(file, 'utf8'))))
  const url = pathToFileURL(file).href
  const { page, requests, said } = await openPage(browser, url)
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  const places = data.cases.map(({ id }) => placeOf(id, data.trials))
  const shapes = await page.evaluate<readonly Shape[]>(`(${walk})(${JSON.stringify(places)})`)
  expect(shapes.map(({ foreign }) => foreign)).toEqual(shapes.map(() => []))
  // What is opened has more in it than what was there before.
  const [overview, ...opened] = shapes.map(({ words }) => words)
  expect(Math.min(...opened)).toBeGreaterThan(0)
  expect(overview).toBeGreaterThan(500)
  expect([file, said, dialogs]).toEqual([file, [], []])
  expect(new Set(requests.map((one) => one.replace(/#.*/, '')))).toEqual(new Set([url]))
  await page.close()
}

type Trial = ReturnType<typeof pageData.parse>['trials'][number]

function placeOf(id: string, trials: readonly Trial[]): string {
  const of = (arm: Trial['arm']): string | undefined =>
    trials.find((one) => one.case === id && one.arm === arm && one.hasTrace)?.key
  const [trial, other] = [of('candidate'), of('baseline')]
  const parts = [
    ['case', id],
    ['trial', trial],
    ['with', other],
  ] as const
  return `#${parts
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    )
    .join('&')}`
}

interface Shape {
  readonly foreign: readonly string[]
  readonly words: number
}

/** Runs in the browser: what stands on the page at each place that only foreign markup could bring. */
const walk = `async (places) => {
  const own = 'html head meta link title style body main script header footer nav section article aside ' +
    'h1 h2 h3 h4 p span div b strong em i small code pre kbd blockquote mark del ins s br hr time abbr ul ol li dl dt dd ' +
    'table caption colgroup col thead tbody tr th td details summary figure figcaption button input select ' +
    'option optgroup label form fieldset legend output progress meter dialog a svg g path rect line circle ' +
    'polyline polygon text tspan desc defs pattern'
  const known = new Set(own.split(' '))
  const strange = ({ localName }) => (known.has(localName) ? [] : ['<' + localName + '>'])
  const handlers = (one) => one.getAttributeNames().flatMap((name) =>
    name.startsWith('on') || name === 'src' || name === 'srcset' || name === 'action' || name === 'style' && one.localName !== 'col' && /url/.test(one.getAttribute(name))
      ? [one.localName + ' ' + name]
      : name === 'href' && !/^(?:#|data:,$)/.test(one.getAttribute(name)) ? ['href ' + one.getAttribute(name)] : [])
  const look = () => {
    const all = [...document.querySelectorAll('*')]
    const scripts = document.scripts.length === 2 ? [] : ['scripts: ' + document.scripts.length]
    return { foreign: [...all.flatMap(strange), ...all.flatMap(handlers), ...scripts], words: document.body.textContent.length }
  }
  const found = [look()]
  for (const place of places) {
    location.hash = place
    await new Promise((resolve) => setTimeout(resolve))
    await new Promise((resolve) => requestAnimationFrame(resolve))
    found.push(look())
  }
  return found
}`
