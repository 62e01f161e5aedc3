import { AgentEvalError } from '../../errors.ts'
import type { TargetSettings } from '../../schema/candidate.ts'
import { truncate } from '../../text/truncate.ts'

const shownAddress = 200

/**
 * Finds out whether an agent can be asked at the address of its target.
 *
 * @throws AgentEvalError (usage) where that is no http(s) URL, or has a free port that nobody is given
 */
export function requireAddress({ http, start }: Extract<TargetSettings, { http: string }>): void {
  if (start === undefined && http.includes('$PORT')) {
    throw new AgentEvalError(
      `target.http: $PORT stands for a free port only where target.start starts the agent`,
      'usage',
      { hint: 'say with target.start how to start it, or write the port that it listens on' },
    )
  }
  if (isHttpUrl(http.replaceAll('$PORT', '1'))) return
  throw new AgentEvalError(
    `target.http is no http(s) URL: ${truncate(http, shownAddress)}`,
    'usage',
    { hint: 'for example http://127.0.0.1:8080/agent, or with $PORT where target.start starts it' },
  )
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
