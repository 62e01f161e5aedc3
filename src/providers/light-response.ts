/** The head of an answer over HTTP. */
export interface ResponseHead {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** Where it came from. */
  readonly url: string
}

export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** Answers of these have no body, and may be given none. */
const bodiless = new Set([101, 204, 205, 304])

export function isBodiless(status: number): boolean {
  return bodiless.has(status)
}

const takers = new WeakMap<Response, () => Chunks>()
const decoder = new TextDecoder()

/**
 * A `Response` that costs next to nothing: one of the standard's is made only for whoever wants what
 * is rarely wanted, its stream above all, which takes longer than all the rest of a small answer.
 *
 * @param chunks - the body; absent: there is none
 */
export function lightResponse(head: ResponseHead, chunks: Chunks | undefined): Response {
  let isRead = false
  let made: Response | undefined
  const standard = (): Response => (made ??= standardResponse(head, take()))
  const take = (): Chunks | undefined => {
    if (isRead) throw new TypeError('the body has been read already')
    isRead = chunks !== undefined
    return chunks
  }
  const text = async (): Promise<string> =>
    made === undefined ? decoder.decode(await readWhole(take() ?? [])) : made.text()
  const light: Omit<Response, 'formData'> = {
    ...head,
    ok: head.status >= 200 && head.status < 300,
    redirected: false,
    type: 'default',
    get body() {
      const isGone = made === undefined && isRead
      return chunks === undefined || isGone ? null : standard().body
    },
    get bodyUsed() {
      return made?.bodyUsed ?? isRead
    },
    text,
    json: async () => JSON.parse(await text()) as unknown,
    arrayBuffer: async () => standard().arrayBuffer(),
    blob: async () => standard().blob(),
    clone: () => standard().clone(),
  }
  const response = light as Response
  takers.set(response, () => (made === undefined ? (take() ?? []) : streamOf(made)))
  return response
}

/** The body of any response, chunk by chunk, without a stream where it can do without. */
export function chunksOf(response: Response): Chunks {
  return takers.get(response)?.() ?? streamOf(response)
}

export async function readWhole(chunks: Chunks): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    all.push(chunk)
  }
  const [first] = all
  if (first !== undefined && all.length === 1) return first
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of all) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

function standardResponse({ headers, status }: ResponseHead, chunks: Chunks | undefined): Response {
  const body = chunks === undefined ? null : (ReadableStream.from(chunks) as ReadableStream)
  // A status beyond what the standard knows is in the head, and nobody asks the body for it.
  return new Response(body, { headers, ...(status >= 200 && status <= 599 && { status }) })
}

function streamOf({ body }: Response): Chunks {
  return (body ?? []) as Chunks
}
