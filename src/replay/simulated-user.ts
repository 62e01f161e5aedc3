import { heardMessage } from '../providers/heard-message.ts'
import type { ModelFailure, ModelResponse, Provider } from '../providers/provider.ts'
import type { SimulatedUser } from '../schema/case.ts'
import { type Message, textOf, textPart } from '../schema/message.ts'
import { truncate } from '../text/truncate.ts'
import { askModel } from './ask-model.ts'
import { endWord, simulatorPrompt } from './simulator-prompt.ts'
import { aborted, done, type TrialEnding } from './trial-ending.ts'
import type { UserMove, UserSide } from './user-side.ts'

/** Of words that a user of this kind would never say, as much as explains the fault. */
const maxQuoted = 200

/** A pattern that the simulated user's words must not match. */
interface Forbidden {
  readonly text: string
  readonly test: (words: string) => boolean
}

/** The model that plays a user, and the trial it does it in. */
export interface SimulatorPorts {
  readonly provider: Provider
  /** What the provider calls the model. */
  readonly model: string
  /** The model as the eval set names it. */
  readonly reference: string
  readonly seed: number
  readonly trial: string
}

/** A user that a model plays, with its patterns compiled. */
export interface UserRole extends Omit<SimulatedUser, 'must_not'> {
  readonly mustNot: readonly Forbidden[]
}

/**
 * Lets a model play one trial's user. It knows its role and what the agent said, and nothing of
 * tools, state or grading.
 *
 * The talk ends when the simulator says so, has nothing more to say, or has said all it may. What
 * goes wrong with the simulator itself ends the trial as `user_sim`: the agent is not to blame.
 */
export function simulatedUser(role: UserRole, ports: SimulatorPorts): UserSide {
  const messages: Message[] = [{ role: 'system', content: [textPart(simulatorPrompt(role))] }]
  let said = 1
  return {
    async next(heard, books, signal): Promise<UserMove> {
      if (said >= role.max_turns) return done
      if (signal.aborted) return aborted
      messages.push(heardMessage(heard))
      const { model, seed, trial } = ports
      const asked = {
        model,
        role: 'user_simulator',
        messages,
        seed,
        trial,
        ordinal: said - 1,
      } as const
      const request = { ...asked, tools: [], sampling: {} }
      const reply = await askModel({ ...ports, role: 'user_simulator', request }, books, signal)
      if (!reply.ok) return unanswered(reply.error, signal)
      const move = moveOf(reply.response, role.mustNot, said === 1)
      if ('say' in move) messages.push({ role: 'assistant', content: [textPart(move.say)] })
      said += 1
      return move
    },
  }
}

function unanswered({ class: kind, message }: ModelFailure, signal: AbortSignal): TrialEnding {
  return signal.aborted ? aborted : fault(`${kind}: ${message}`)
}

function moveOf(
  { content, stopReason }: ModelResponse,
  mustNot: readonly Forbidden[],
  isFirst: boolean,
): UserMove {
  const words = textOf(content).trim()
  if (stopReason === 'refusal') return fault('the simulated user refused to answer')
  const broken = mustNot.find((pattern) => pattern.test(words))
  if (broken !== undefined) {
    return fault(`the simulated user said /${broken.text}/: ${truncate(words, maxQuoted)}`)
  }
  if (words === '') return isFirst ? fault('the simulated user had nothing to say') : done
  return endsTalk(words) ? done : { say: words }
}

/** The word by itself, or as the last line: what comes before it needs no answer. */
function endsTalk(words: string): boolean {
  const lastLine = words.slice(words.lastIndexOf('\n') + 1)
  return lastLine.replaceAll(/[\s"'*`.!]+/g, '') === endWord
}

function fault(message: string): TrialEnding {
  return { termination: 'user_sim', message }
}
