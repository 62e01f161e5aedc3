/** What the page reaches outside itself; the only file that uses the network, the clock and storage. */
export interface Outside {
  /** Reads JSON from beside the page; rejects with a reason for people. */
  readonly fetchJson: (path: string) => Promise<unknown>
  readonly later: (ms: number, then: () => void) => void
  /** What this reader chose before; nothing where the browser keeps nothing for a file. */
  readonly recall: (name: string) => string | undefined
  readonly remember: (name: string, value: string) => void
  /** Whether the text is on the clipboard now. */
  readonly copy: (text: string) => Promise<boolean>
}

export const browser: Outside = {
  fetchJson: async (path) => {
    const response = await fetch(path, { headers: { accept: 'application/json' } })
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    return (await response.json()) as unknown
  },
  later: (ms, then) => {
    setTimeout(then, ms)
  },
  recall: (name) => {
    try {
      return localStorage.getItem(name) ?? undefined
    } catch {
      return undefined
    }
  },
  remember: (name, value) => {
    try {
      localStorage.setItem(name, value)
    } catch {
      // Then it holds until the page is closed.
    }
  },
  copy: async (text) => {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      return false
    }
  },
}
