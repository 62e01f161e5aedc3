// A support agent as somebody would write it with the AI SDK: it knows nothing of agent-eval. Its
// model and its tools come from the environment, the user's words from stdin; it prints its reply.
import { text } from 'node:stream/consumers'
import { createMCPClient } from '@ai-sdk/mcp'
import { openai } from '@ai-sdk/openai'
import { generateText, stepCountIs } from 'ai'

const mcp = await createMCPClient({
  transport: { type: 'http', url: process.env.AGENT_EVAL_MCP_URL },
})
try {
  const { text: reply } = await generateText({
    model: openai.chat(process.env.AGENT_MODEL ?? 'gpt-4.1-mini'),
    system: process.env.AGENT_PROMPT ?? 'You are a helpful support agent. Use your tools.',
    prompt: await text(process.stdin),
    tools: await mcp.tools(),
    stopWhen: stepCountIs(20),
  })
  process.stdout.write(`${reply}\n`)
} finally {
  await mcp.close()
}
