import type { PolicyRule } from '../schema/policy.ts'
import { checkPattern, type WrittenExpression } from './check-expression.ts'
import { quote } from './describe.ts'
import type { Finding, Path } from './problem.ts'

/** What is known of every call that `at_most` counts, also of those made before. */
const countedCall = ['input', 'tool', 'agent', 'state']

/** The expressions of what a rule demands, and what each may name. */
export function expressionsOfDemand(
  { after, at_most, condition, never_with }: PolicyRule,
  variables: readonly string[],
): readonly WrittenExpression[] {
  const ofCall = variables.filter((name) => countedCall.includes(name))
  const written = [
    { path: ['condition'], text: condition, variables },
    { path: ['after', 'where'], text: whereOf(after), variables: [...variables, 'call'] },
    { path: ['never_with', 'where'], text: whereOf(never_with), variables: [...variables, 'call'] },
    { path: ['at_most', 'amount'], text: at_most?.amount, variables: ofCall },
    { path: ['at_most', 'by'], text: at_most?.by, variables: ofCall },
  ]
  return written.flatMap(({ text, ...rest }) => (text === undefined ? [] : [{ ...rest, text }]))
}

/** What is wrong with patterns, domains and limits. */
export function checkDemand({
  at_most,
  domains = [],
  never_says = [],
}: PolicyRule): readonly Finding[] {
  return [
    ...never_says.flatMap((text, index) => checkSaying(text, ['never_says', index])),
    ...domains.flatMap(checkDomain),
    ...(at_most?.amount !== undefined && at_most.total === undefined
      ? [
          {
            path: ['at_most', 'amount'],
            message: 'adds up to a `total`, and there is only a `count`',
          },
        ]
      : []),
  ]
}

/** As it is asked: whatever the case. */
function checkSaying(text: string, path: Path): readonly Finding[] {
  return checkPattern(path, `(?i)${text}`)
}

function whereOf(other: PolicyRule['after']): string | undefined {
  return typeof other === 'object' ? other.where : undefined
}

function checkDomain(entry: string, index: number): readonly Finding[] {
  const host = entry.startsWith('*.') ? entry.slice(2) : entry
  if (/^(?:[\p{L}\p{N}\p{M}_.-]+|\[[\da-f:.]+\])$/iu.test(host) && isHost(host)) return []
  return [
    {
      path: ['domains', index],
      message: `${quote(entry)} is no domain`,
      hint: 'write example.com, or *.example.com for all below it: no scheme, no port, no path',
    },
  ]
}

function isHost(text: string): boolean {
  try {
    return new URL(`http://${text}`).hostname.replace(/\.+$/, '') !== ''
  } catch {
    return false
  }
}
