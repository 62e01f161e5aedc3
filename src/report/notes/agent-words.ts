import { shellWord } from '../../text/shell-word.ts'
import type { AgentChoice } from '../reporter.ts'

/** The words that run the same agent again, each after a space; without them another agent would run. */
export function sameAgent({ candidate, model = [], set = [] }: AgentChoice = {}): string {
  const words = [
    ...(candidate === undefined ? [] : [['--candidate', candidate]]),
    ...model.map((text) => ['--model', text]),
    ...set.map((text) => ['--set', text]),
  ]
  return words.map(([flag = '', text = '']) => ` ${flag} ${shellWord(text)}`).join('')
}
