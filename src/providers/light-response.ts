/** The head of an answer over HTTP. */
interface ResponseHead {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** Where it came from. */
  readonly url: string
}

/** Answers of these have no body, and may be given none. */
const bodiless = new Set([101, 204, 205, 304])

export function isBodiless(status: number): boolean {
  return bodiless.has(status)
}

const decoder = new TextDecoder()

/**
 * As much of a `Response` as anybody here asks for, and the SDKs: its head, `text`, `json` and
 * `arrayBuffer`, and a body to iterate over or to cancel. The standard's stream takes longer than all
 * the rest of a small answer; one is made only for whoever wants a reader of it.
 *
 * @param chunks - the body, read once; absent: there is none
 */
export function lightResponse(
  { headers, status, statusText, url }: ResponseHead,
  chunks: AsyncIterable<Uint8Array> | undefined,
): Response {
  const whole = (): Promise<Uint8Array> =>
    chunks === undefined ? Promise.resolve(new Uint8Array()) : readWhole(chunks)
  const text = async (): Promise<string> => decoder.decode(await whole())
  const light: Omit<Response, 'blob' | 'bodyUsed' | 'clone' | 'formData'> = {
    status,
    statusText,
    headers,
    url,
    ok: status >= 200 && status < 300,
    redirected: false,
    type: 'default',
    body: chunks === undefined ? null : lightStream(chunks),
    text,
    json: async () => JSON.parse(await text()) as unknown,
    arrayBuffer: async () => new Uint8Array(await whole()).buffer,
  }
  return light as Response
}

function lightStream(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const stream = (): ReadableStream<Uint8Array> => ReadableStream.from(chunks)
  const light = {
    [Symbol.asyncIterator]: () => chunks[Symbol.asyncIterator](),
    cancel: (reason: unknown) => stream().cancel(reason),
    getReader: () => stream().getReader(),
  }
  return light as unknown as ReadableStream<Uint8Array>
}

/** @param onSize - told how many bytes there are so far; what it throws stops whoever brings them */
export async function readWhole(
  chunks: AsyncIterable<Uint8Array>,
  onSize?: (bytes: number) => void,
): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    onSize?.(size)
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
