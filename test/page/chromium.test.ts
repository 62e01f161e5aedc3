import { expect, test } from 'vitest'
import { isThere } from './chromium.ts'

const nowhere = '/nowhere/chromium'

test('tests without a browser are skipped, unless one is demanded', () => {
  expect(isThere(nowhere, {})).toBe(false)
  expect(isThere(nowhere, { NEED_CHROMIUM: '' })).toBe(false)
  expect(() => isThere(nowhere, { NEED_CHROMIUM: '1' })).toThrow(
    'NEED_CHROMIUM is set, and there is no Chromium at /nowhere/chromium: set CHROMIUM_PATH',
  )
  expect(isThere(process.execPath, { NEED_CHROMIUM: '1' })).toBe(true)
})
