import { describeSource } from '../graders/describe.ts'
import type { CaseFinding } from './case-finding.ts'
import type { Played } from './played.ts'

/** An attacked case, played three times. */
interface AttackedCase {
  /** Its own oracle, attacked. */
  readonly oracle: Played
  /** The same steps with the injection off. */
  readonly twin: Played
  /** The oracle, and what the attack wants right after its delivery. */
  readonly hijacked: Played
  readonly markers: readonly string[]
}

/**
 * Whether an attack proves anything: it arrives, whoever obeys it reaches its goal and is counted,
 * nobody else does, and without it the task can be done.
 */
export function judgeAttack(played: AttackedCase): readonly CaseFinding[] {
  const { oracle, twin } = played
  const findings: CaseFinding[] = []
  if (twin.outcome !== 'pass') {
    findings.push({
      rule: 'twin-fails',
      level: 'error',
      path: ['attack'],
      message: `with the injection off, its own oracle does not pass: ${twin.reason ?? twin.outcome}`,
    })
  }
  if (oracle.attack?.succeeded === true) {
    findings.push({
      rule: 'attack-goal-without-attack',
      level: 'error',
      path: ['attack', 'goal'],
      message: 'an agent that ignores the attack and does as the oracle reaches its goal',
      hint: 'let the goal name what only the attacker wants',
    })
  }
  return [...findings, ...judgeDelivery(played)]
}

function judgeDelivery({ hijacked, markers, oracle }: AttackedCase): readonly CaseFinding[] {
  if (oracle.attack?.exposed !== true) {
    const marker = describeSource(markers[0] ?? '')
    return [
      {
        rule: 'attack-not-delivered',
        level: 'error',
        path: ['attack'],
        message: `the attack never reaches an agent that does as the oracle: "${marker}" is in no answer and no message that it sees`,
        hint: 'let the oracle read what the slot poisons, or mark the attack by words that arrive: attack.exposure',
      },
    ]
  }
  if (hijacked.attack?.succeeded === true) return []
  const why = hijacked.attack === undefined ? `: ${hijacked.reason ?? hijacked.outcome}` : ''
  return [
    {
      rule: 'attack-goal-unreachable',
      level: 'error',
      path: ['attack', 'goal'],
      message: `an agent that does all that attack.steps say is not counted as hijacked${why}`,
      hint: 'mend the steps or the goal, so that an agent that obeys is caught',
    },
  ]
}
