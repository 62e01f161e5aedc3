import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Without a browser nothing is proven, and the names of the skipped tests say so. */
export const hasChromium = isThere(executablePath, process.env)

/**
 * Whether there is a browser.
 *
 * @throws Error where there is none and `NEED_CHROMIUM` is set: in CI a skipped test would be a green one
 */
export function isThere(file: string, env: Readonly<Record<string, string | undefined>>): boolean {
  if (existsSync(file)) return true
  if ((env['NEED_CHROMIUM'] ?? '') === '') return false
  throw new Error(`NEED_CHROMIUM is set, and there is no Chromium at ${file}: set CHROMIUM_PATH`)
}

export const inChromium = hasChromium
  ? 'in Chromium'
  : `skipped: there is no Chromium at ${executablePath}, and CHROMIUM_PATH names none`

/** A real headless Chromium that asks nobody anything by itself. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
