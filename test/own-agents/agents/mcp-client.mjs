// An agent whose only way to its tools is a stock MCP client: over HTTP, or through the bridge that its
// argument names.
import { text } from 'node:stream/consumers'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const url = process.env.AGENT_EVAL_MCP_URL
const bridge = process.argv[2]
const transport =
  bridge === undefined
    ? new StreamableHTTPClientTransport(new URL(url))
    : new StdioClientTransport({
        command: process.execPath,
        args: [bridge],
        env: { ...process.env },
      })
const words = await text(process.stdin)
const find = (pattern) => pattern.exec(words)?.[0]

const client = new Client({ name: 'stock', version: '1.0.0' })
await client.connect(transport)
try {
  const { tools } = await client.listTools()
  const call = async (name, args) => {
    const { content, isError } = await client.callTool({ name, arguments: args })
    if (isError) throw new Error(`${name}: ${content[0].text}`)
    return JSON.parse(content[0].text)
  }
  const order_id = find(/O-\d{4}/)
  await call('crm_verify_customer', { customer_id: find(/C-\d\d/), postcode: find(/\b\d{5}\b/) })
  const { total_usd: amount_usd } = await call('orders_get_status', { order_id })
  await call('payments_issue_refund', { order_id, amount_usd, reason_code: 'damaged' })
  process.stdout.write(`I have refunded $${amount_usd}. (${tools.length} tools)\n`)
} finally {
  await client.close()
}
