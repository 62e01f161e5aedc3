// `node bench/bare-client.js URL COUNT CONCURRENCY`: what any program pays at least for so many
// requests: node:http with connections kept alive, and the answer parsed.
import { Agent, request } from 'node:http'

const [url, count, concurrency] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Number(concurrency) })
const body = JSON.stringify({ model: 'fake', messages: [{ role: 'user', content: 'Please.' }] })
let left = Number(count)
await Promise.all(Array.from({ length: Number(concurrency) }, work))
agent.destroy()

async function work() {
  while (left > 0) {
    left -= 1
    await ask()
  }
}

function ask() {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const asked = request(
      `${url}/chat/completions`,
      { method: 'POST', agent, headers },
      async (answer) => {
        let text = ''
        for await (const chunk of answer.setEncoding('utf8')) text += chunk
        if (JSON.parse(text).choices.length === 1) resolve()
        else reject(new Error(text))
      },
    )
    asked.on('error', reject).end(body)
  })
}
