/** Whose models these are, by words of their names; the first that fits counts. */
const families: readonly (readonly [string, RegExp])[] = [
  ['anthropic', /claude/],
  ['deepseek', /deepseek/],
  ['openai', /gpt|chatgpt|davinci|codex|^o\d/],
  ['gemini', /gemini|gemma|palm/],
  ['qwen', /qwen|qwq/],
  ['mistral', /mistral|mixtral|ministral|magistral|codestral|devstral|pixtral/],
  ['llama', /llama/],
  ['grok', /grok/],
  ['cohere', /command|cohere|aya/],
  ['phi', /phi-?\d/],
  ['glm', /glm/],
  ['kimi', /kimi|moonshot/],
  ['nova', /nova/],
  ['granite', /granite/],
]

/**
 * The family of a model, read off its name: a judge of the candidate's own family is not an
 * independent one, whoever serves it. A name that tells nothing is a family of its own, up to its
 * first digit, so that two sizes of one unknown model are kin.
 */
export function modelFamily(model: string): string {
  const path = model.toLowerCase()
  const name = path.slice(path.lastIndexOf('/') + 1)
  const known =
    families.find(([, words]) => words.test(name)) ?? families.find(([, w]) => w.test(path))
  if (known !== undefined) return known[0]
  return /^[a-z_]+/.exec(name)?.[0] ?? name
}
