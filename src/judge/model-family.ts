/** Names by which models of one maker are known, wherever they are served from. */
const families: readonly (readonly [string, RegExp])[] = [
  ['openai', /\b(?:chatgpt|codex|davinci|gpt|o\d)(?!\p{L})/u],
  ['anthropic', /\b(?:claude|haiku|opus|sonnet)(?!\p{L})/u],
  ['google', /\b(?:gemini|gemma|palm)(?!\p{L})/u],
  ['meta', /(?:(?<!o)llama|vicuna)(?!\p{L})/u],
  ['mistral', /\b(?:codestral|devstral|magistral|ministral|mistral|mixtral|pixtral)(?!\p{L})/u],
  ['alibaba', /\b(?:qwen|qwq)(?!\p{L})/u],
  ['deepseek', /\bdeepseek(?!\p{L})/u],
  ['xai', /\bgrok(?!\p{L})/u],
  ['cohere', /\b(?:aya|command)(?!\p{L})/u],
  ['microsoft', /\bphi(?!\p{L})/u],
  ['amazon', /\b(?:nova|titan)(?!\p{L})/u],
  ['moonshot', /\bkimi(?!\p{L})/u],
  ['zhipu', /\bglm(?!\p{L})/u],
]

/** Services that serve models of their own maker only, unless they stand at another address. */
const makers: ReadonlySet<string> = new Set(['anthropic'])

/**
 * Who made a model, as far as its name tells; a model distilled from another belongs to both. One
 * whose name tells nothing is a family of its own: the very same reference.
 *
 * @param reference - `provider:model`, or `stored:NAME` for votes that somebody cast
 */
export function modelFamilies(reference: string): readonly string[] {
  const named = reference.replace(/^stored:/, '').toLowerCase()
  const colon = named.indexOf(':')
  // A service is called what its owner likes: `ollama` serves more than one family.
  const model = named.slice(colon + 1)
  const known = families.filter(([, pattern]) => pattern.test(model)).map(([family]) => family)
  if (known.length > 0) return known
  const provider = named.slice(0, Math.max(0, colon))
  return makers.has(provider) ? [provider] : [named]
}
