import type { FakeAnswer, FakeRequest } from './fake-exchange.ts'

/** How many answers the conversation of a request already holds. */
export function answersSoFar({ messages }: FakeRequest): number {
  return messages.filter((message) => message.role === 'assistant').length
}

/** What tools answered so far, in order. */
export function resultsSoFar({ messages }: FakeRequest): readonly string[] {
  return messages.flatMap((message) => message.toolResults.map((result) => result.text))
}

/**
 * Plays answers in their order, by what stands in the conversation: trials at once and repeated
 * attempts each get the right one. After the last it repeats the last.
 */
export function playAnswers(
  ...answers: readonly [FakeAnswer, ...FakeAnswer[]]
): (request: FakeRequest) => FakeAnswer {
  return (request) => answers[Math.min(answersSoFar(request), answers.length - 1)] ?? answers[0]
}

/** Several scripts in one server: the first whose words stand in the user's first message. */
export function byFirstWords(
  scripts: Readonly<Record<string, (request: FakeRequest) => FakeAnswer>>,
): (request: FakeRequest) => FakeAnswer {
  return (request) => {
    const first = request.messages[0]?.text ?? ''
    const found = Object.entries(scripts).find(([words]) => first.includes(words))
    if (found === undefined) throw new Error(`no script for: ${first.slice(0, 200)}`)
    return found[1](request)
  }
}
