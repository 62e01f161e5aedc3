import { readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, '../../dist/page')

/** The client as it is built: what is written into every page. */
export const builtAssets = {
  script: readFileSync(path.join(folder, 'page.js'), 'utf8'),
  style: readFileSync(path.join(folder, 'page.css'), 'utf8'),
}
