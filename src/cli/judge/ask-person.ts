import type { Io } from '../io.ts'

/** What a person answers to a question of yes or no. */
export type PersonAnswer =
  | { readonly kind: 'answer'; readonly answer: 'yes' | 'no'; readonly reason: string }
  | { readonly kind: 'skip' }
  /** Also where the input has ended, as by Ctrl-D or Ctrl-C. */
  | { readonly kind: 'quit' }

const answers: Readonly<Record<string, 'yes' | 'no' | 'skip' | 'quit'>> = {
  y: 'yes',
  yes: 'yes',
  n: 'no',
  no: 'no',
  s: 'skip',
  skip: 'skip',
  q: 'quit',
  quit: 'quit',
}

/** Asks until there is an answer, then why; a reason may be left out. */
export async function askPerson(io: Pick<Io, 'ask' | 'stderr'>): Promise<PersonAnswer> {
  for (;;) {
    const said = await io.ask('yes, no, skip or quit? [y/n/s/q] ')
    const found = said === undefined ? 'quit' : answers[said.trim().toLowerCase()]
    if (found === 'quit' || found === 'skip') return { kind: found }
    if (found !== undefined) {
      // Whoever leaves here has answered all the same.
      const reason = (await io.ask('why? (a few words, or just enter) ')) ?? ''
      return { kind: 'answer', answer: found, reason: reason.trim() }
    }
    io.stderr.write('  y: yes, n: no, s: skip this one, q: stop here; what you answered is kept\n')
  }
}
