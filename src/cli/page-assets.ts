import { readFile } from 'node:fs/promises'
import { AgentEvalError } from '../errors.ts'
import type { PageAssets } from '../report/page/page-material.ts'
import { isMissing } from './node-folder.ts'

/** Beside the built program, and where a build puts it as seen from the sources. */
const places = ['./page/', '../../dist/page/'] as const

/**
 * The client of the page, as it is built.
 *
 * @throws AgentEvalError (usage) where nobody has built it
 */
export async function readPageAssets(): Promise<PageAssets> {
  for (const place of places) {
    const script = await textAt(new URL(`${place}page.js`, import.meta.url))
    const style = await textAt(new URL(`${place}page.css`, import.meta.url))
    if (script !== undefined && style !== undefined) return { script, style }
  }
  throw new AgentEvalError(
    'the page is not built: dist/page/page.js or page.css is missing',
    'usage',
    {
      hint: 'build it with: npm run build',
    },
  )
}

async function textAt(url: URL): Promise<string | undefined> {
  try {
    return await readFile(url, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
