/** What stands behind a trial's token in a path. */
const doorNames = ['mcp', 'openai', 'anthropic'] as const
type DoorName = (typeof doorNames)[number]

/** Where a request wants to go. */
export interface TrialPath {
  readonly token: string
  readonly door: DoorName
  /** Path and query behind the door, without a slash in front. */
  readonly rest: string
}

/** `/t/<token>/<door>/<rest>`; anything else is `undefined`. */
export function parsePath(url: string): TrialPath | undefined {
  const match = /^\/t\/([^/?]{1,200})\/([a-z]+)(?:\/(.*)|\?.*)?$/.exec(url)
  const [, token = '', name, rest = ''] = match ?? []
  const door = doorNames.find((one) => one === name)
  return door === undefined ? undefined : { token, door, rest }
}
