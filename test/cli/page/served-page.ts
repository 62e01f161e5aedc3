import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import {
  type PageData,
  type PageTrace,
  pageData,
  pageTrace,
} from '../../../src/schema/page-data.ts'
import { bin } from '../real-process.ts'

/** A page that the real program serves. */
export interface ServedPage {
  readonly url: string
  /** Everything that was printed before anybody asked. */
  readonly stdout: () => string
  readonly data: () => Promise<PageData>
  readonly trace: (key: string) => Promise<PageTrace>
  readonly close: () => Promise<number | null>
}

/** Starts `agent-eval view` and waits for its address. */
export async function servePage(argv: readonly string[], cwd: string): Promise<ServedPage> {
  const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' }
  const child = spawn(process.execPath, [bin, 'view', ...argv], { cwd, env })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
  }
  const url = await firstLine(child, written)
  return {
    url,
    stdout: () => written.stdout,
    data: async () => pageData.parse(await (await fetch(`${url}data`)).json()),
    trace: async (key) =>
      pageTrace.parse(await (await fetch(`${url}trial?key=${encodeURIComponent(key)}`)).json()),
    async close() {
      if (child.exitCode !== null) return child.exitCode
      child.kill('SIGINT')
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}

async function firstLine(
  child: ChildProcess,
  written: { readonly stdout: string; readonly stderr: string },
): Promise<string> {
  while (!written.stdout.includes('\n')) {
    if (child.exitCode !== null) throw new Error(written.stderr)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return written.stdout.split('\n')[0] ?? ''
}

/** An answer to a request whose headers `fetch` would not let us choose. */
export function ask(
  url: string,
  { host, method = 'GET' }: { readonly host?: string; readonly method?: string },
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host }
    request(url, { method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body })
      })
    })
      .on('error', reject)
      .end()
  })
}
