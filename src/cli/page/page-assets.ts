import { AgentEvalError } from '../../errors.ts'
import type { PageAssets } from '../../report/page/page-material.ts'
import { textIfThere } from '../outside/if-there.ts'

/** Beside the built program, and where a build puts it as seen from the sources. */
const places = ['./page/', '../../../dist/page/'] as const

/**
 * The client of the page, as it is built.
 *
 * @throws AgentEvalError (usage) where nobody has built it
 */
export async function readPageAssets(): Promise<PageAssets> {
  for (const place of places) {
    const script = await textIfThere(new URL(`${place}page.js`, import.meta.url))
    const style = await textIfThere(new URL(`${place}page.css`, import.meta.url))
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
