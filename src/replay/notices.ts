/** What the agent is to be told beside its next result. */
export interface Notices {
  readonly add: (text: string) => void
  /** All of it, once; `undefined` where there is nothing. */
  readonly take: () => string | undefined
}

export function notices(): Notices {
  let waiting: string[] = []
  return {
    add: (text) => {
      waiting.push(text)
    },
    take() {
      if (waiting.length === 0) return undefined
      const text = waiting.join('\n')
      waiting = []
      return text
    },
  }
}
