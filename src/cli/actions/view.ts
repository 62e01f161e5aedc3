import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { html } from '../../report/html.ts'
import { shellWord } from '../../text/shell-word.ts'
import type { Io } from '../io.ts'
import { nodeOutside } from '../outside/outside.ts'
import { livePage, type ViewedRun } from '../page/live-page.ts'
import { readPageAssets } from '../page/page-assets.ts'
import { pageMaterial } from '../page/page-material.ts'
import { answerPage } from '../page/page-routes.ts'
import { printResult } from '../print/print-result.ts'
import { reportContext } from '../print/report-context.ts'
import { readResultOf } from '../print/reported-documents.ts'
import { writeText } from '../print/write-text.ts'
import { findRun, newestRun } from '../run-folder/find-run.ts'
import { readManifest, usualOutput } from '../run-folder/run-folder.ts'

export interface ViewRunOptions {
  /** Write the page into this file, and serve nothing. */
  readonly html?: string
  readonly port?: number
  /** A run or a baseline whose trials stand beside. */
  readonly baseline?: string
}

/** A request has no body that anybody wants. */
const maxBytes = 1024

/**
 * `view [RUN]`: the page of a run, by default of the newest, in a file or served until Ctrl-C.
 *
 * @throws AgentEvalError (usage) for a run that is not there and for a port that is taken
 */
export async function viewRunAction(
  named: readonly string[],
  options: ViewRunOptions,
  io: Io,
): Promise<void> {
  const run = await viewedRun(named, options, io)
  if (options.html === undefined) await servePage(run, options, io)
  else await writePage(run, options.html, io)
}

async function viewedRun(
  named: readonly string[],
  { baseline }: ViewRunOptions,
  io: Io,
): Promise<ViewedRun> {
  const [first, ...more] = named
  if (more.length > 0) {
    throw new AgentEvalError(`view shows one run, not ${named.length}`, 'usage', {
      hint: `to see two side by side: npx agent-eval view ${shellWord(more[0] ?? '')} --baseline ${shellWord(first ?? '')}`,
    })
  }
  const folder =
    first === undefined
      ? await newestRun(path.resolve(io.cwd, usualOutput), 'run')
      : await findRun(first, usualOutput, io.cwd)
  return { folder, shown: first ?? path.relative(io.cwd, folder), baseline }
}

async function writePage(
  { baseline, folder, shown }: ViewedRun,
  file: string,
  io: Io,
): Promise<void> {
  const manifest = await readManifest(folder)
  const result = await readResultOf(folder)
  const context = reportContext(result, { path: shown, manifest })
  const page = await pageMaterial({ result, context }, { io, baseline })
  await printResult({ result, context, page }, [{ reporter: html, file }], { io, options: {} })
}

async function servePage(run: ViewedRun, { port }: ViewRunOptions, io: Io): Promise<void> {
  const assets = await readPageAssets()
  const page = livePage(run, io)
  // What cannot be read is told here, and not to a browser.
  await page.data()
  const { listen, token } = nodeOutside(io)
  const secret = token()
  const place: { url?: string } = {}
  const server = await listen(
    (request) => answerPage(request, { page, assets, token: secret, origin: () => place.url }),
    { maxBytes, ...(port !== undefined && { port }) },
  ).catch((cause: unknown) => {
    throw new AgentEvalError(`port ${port ?? ''} cannot be listened on`, 'usage', {
      hint: 'leave --port out: any that is free will do',
      cause,
    })
  })
  place.url = server.url
  const interrupted = new Promise<void>((resolve) => {
    io.onInterrupt(() => {
      resolve()
    })
  })
  writeText(io, `${server.url}/${secret}/\n`)
  io.stderr.write('serves until Ctrl-C\n')
  await interrupted
  await server.close()
}
