import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Without a browser nothing is proven, and the names of the skipped tests say so. */
export const hasChromium = existsSync(executablePath)

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
