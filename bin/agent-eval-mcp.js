#!/usr/bin/env node
// MCP over stdin and stdout for agents that can only start a command: every line goes to the server
// that AGENT_EVAL_MCP_URL names, and what it answers comes back as lines. It loads nothing, because
// an agent may start it for every trial.
import { createInterface } from 'node:readline'

const url = process.env.AGENT_EVAL_MCP_URL
if (!url) {
  process.stderr.write(
    'agent-eval-mcp: AGENT_EVAL_MCP_URL is not set; agent-eval sets it for the agents it starts\n',
  )
  process.exit(2)
}

let sessionVersion

// One after the other: calls reach the world in the order in which the agent made them.
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== '') await forward(line)
}

async function forward(line) {
  let message
  try {
    message = JSON.parse(line)
  } catch {
    write({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } })
    return
  }
  try {
    const response = await fetch(url, { method: 'POST', headers: headersFor(message), body: line })
    const text = await response.text()
    const answers = messagesIn(response, text)
    for (const answer of answers) noteVersion(message, answer)
    if (answers.length > 0) answers.forEach(write)
    else if (!response.ok) fail(message, `HTTP ${response.status}: ${text.slice(0, 300)}`)
  } catch (error) {
    fail(message, `the agent-eval server can not be reached: ${error.cause?.message ?? error}`)
  }
}

/** The same over HTTP needs in headers what stands in the message. */
function headersFor({ method, params }) {
  const version = params?._meta?.['io.modelcontextprotocol/protocolVersion']
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(version === undefined
      ? sessionVersion !== undefined && { 'mcp-protocol-version': sessionVersion }
      : {
          'mcp-protocol-version': version,
          'mcp-method': method,
          ...(typeof params?.name === 'string' && { 'mcp-name': params.name }),
        }),
  }
}

function noteVersion({ method }, { result }) {
  if (method === 'initialize') sessionVersion = result?.protocolVersion
}

function messagesIn(response, text) {
  const type = response.headers.get('content-type') ?? ''
  const texts = type.includes('text/event-stream')
    ? text.split(/\r?\n\r?\n/).map((event) => dataOf(event))
    : [text]
  return texts.flatMap((one) => {
    try {
      const message = JSON.parse(one)
      return Array.isArray(message) ? message : message?.jsonrpc === '2.0' ? [message] : []
    } catch {
      return []
    }
  })
}

function dataOf(event) {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'))
  return lines.map((line) => line.slice(5).trimStart()).join('\n')
}

/** Whoever waits for an answer is told that there is none. */
function fail(message, why) {
  for (const { id } of [message].flat()) {
    if (id !== undefined) write({ jsonrpc: '2.0', id, error: { code: -32000, message: why } })
  }
}

function write(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
