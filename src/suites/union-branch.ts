import type { z } from 'zod'
import { didYouMean } from '../text/did-you-mean.ts'
import { anyOf } from './describe.ts'
import { typeName } from './schema-messages.ts'

type Issue = z.core.$ZodIssue
export type UnionIssue = Extract<Issue, { code: 'invalid_union' }>
export type Branch = readonly Issue[]

/**
 * What was most likely meant of a union that refused a value: of the branches that want this kind
 * of value the one with the fewest wrong or missing keys, then the one that came furthest.
 * `undefined` where no branch wants this kind of value.
 */
export function likeliestBranch(issue: UnionIssue): Branch | undefined {
  return issue.errors
    .filter((branch) => !branch.some(isWrongKind))
    .toSorted((a, b) => wrongKeys(a) - wrongKeys(b) || depthOf(b) - depthOf(a))[0]
}

/** Whether the value of a branch lacks one of its keys: then the branch is only a guess. */
export function missesKey(branch: Branch): boolean {
  return branch.some(isMissingKey)
}

/** `0, 1, 2, 3, 4 or a list`: what all branches together would take. */
export function wantedByAll(issue: UnionIssue): string {
  return anyOf([...new Set(issue.errors.flat().flatMap(wanted))])
}

/** The whole value is of another kind than this branch wants. */
function isWrongKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_union') return likeliestBranch(issue) === undefined
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

function isMissingKey(issue: Issue): boolean {
  return issue.path.length === 1 && issue.input === undefined
}

function wrongKeys(branch: Branch): number {
  return (
    branch.reduce((sum, issue) => {
      if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
        return sum + issue.keys.length
      return sum + (isMissingKey(issue) ? 1 : 0)
    }, 0) - misspelt(branch)
  )
}

/** A missing key that is there under nearly the same name is one mistake and not two. */
function misspelt(branch: Branch): number {
  const unknown = branch.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  )
  const missing = branch.flatMap((issue) => (isMissingKey(issue) ? issue.path.map(String) : []))
  return unknown.filter((key) => didYouMean(key, missing) !== undefined).length
}

function depthOf(branch: Branch): number {
  return Math.max(...branch.map((issue) => issue.path.length))
}

function wanted(issue: Issue): readonly string[] {
  if (issue.path.length > 0) return []
  if (issue.code === 'invalid_type') return [typeName(issue.expected)]
  if (issue.code === 'invalid_value') return issue.values.map(String)
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(wanted) : []
}
