/** 2024-08-06, 20241022, and at the end of a name 0613 (a day) or 2407 (a month). */
const dates = [
  /(?:^|[-@:_.])20\d\d-(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])(?![\d])/,
  /(?:^|[-@:_.])20\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?![\d])/,
  /-(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|2\d(?:0[1-9]|1[0-2]))$/,
]
/** A counted release, such as `gemini-1.5-pro-002`, or a digest of the weights. */
const releases = [/-00\d$/, /@sha256:[0-9a-f]{8,64}$/]

/**
 * Whether a model's name says which model that is, for good.
 *
 * `gpt-4o-2024-08-06` and `claude-sonnet-4-5-20250929` do; behind `gpt-4o` or `…-latest` its maker may put
 * another model any day, and a baseline then compares two models.
 *
 * @param model - what stands behind the colon
 */
export function isPinnedName(model: string): boolean {
  const name = model.toLowerCase()
  return [...dates, ...releases].some((form) => form.test(name))
}
