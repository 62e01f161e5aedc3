// `node bench/slow-server.js 50`: the tests' OpenAI-shaped server with so many ms of latency, in a
// process of its own so that it takes no time from whoever is measured. Says its address on the first
// line, and what was asked of it since the last time on a line for every line it is sent. Ends with
// its input.
import { createInterface } from 'node:readline'
import { createJiti } from 'jiti'

const { startFakeServer } = await createJiti(import.meta.url).import(
  '../test/fake-servers/start-fake-server.ts',
)
const latencyMs = Number(process.argv[2])
let since = { requests: 0 }
const server = await startFakeServer({
  kind: 'openai',
  latencyMs,
  answer() {
    since.firstAtMs ??= Date.now() - latencyMs
    since.requests += 1
    return { text: 'I am done.' }
  },
})
console.log(server.baseUrl)
const lines = createInterface({ input: process.stdin })
lines.on('line', () => {
  console.log(JSON.stringify({ ...since, mostInFlight: server.mostInFlight() }))
  since = { requests: 0 }
})
lines.on('close', () => process.exit())
