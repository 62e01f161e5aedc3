/** A small MCP server on stdin and stdout: enough to be asked for its tools, one page at a time. */
import { createInterface } from 'node:readline'

const pages = [
  [
    {
      name: 'search notes',
      description: 'Finds notes.',
      inputSchema: { type: 'object', properties: { query: { type: 'string' } } },
      annotations: { readOnlyHint: true },
    },
  ],
  [
    {
      name: 'delete_note',
      description: `Sees ${process.env.SECRET_TOKEN ?? 'no secret'}.`,
      inputSchema: { type: 'object', properties: { id: { type: 'string' } } },
      annotations: { destructiveHint: true },
    },
  ],
]

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'notes', version: '1.0.0' },
  }),
  'tools/list': ({ cursor } = {}) => {
    const page = Number(cursor ?? 0)
    return { tools: pages[page], ...(page + 1 < pages.length && { nextCursor: String(page + 1) }) }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) continue
  const answer = answers[method]
  const outcome =
    answer === undefined
      ? { error: { code: -32601, message: 'method not found' } }
      : { result: answer(params) }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...outcome })}\n`)
}
