import type { PageData } from '../schema/page-data.ts'
import { startApp } from './app.ts'
import { browser } from './browser.ts'

const page = document.getElementById('page')
const source = document.getElementById('page-data')
if (page !== null && source !== null) {
  startApp(JSON.parse(source.textContent) as PageData, page, browser)
}
