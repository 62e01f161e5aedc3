import type { WrittenCase } from '../schema/case.ts'
import type { Finding } from './problem.ts'

/** Approvers that nobody would ever ask: a backup waits for somebody before it. */
export function checkApprovers({ approvers }: WrittenCase): readonly Finding[] {
  if (typeof approvers === 'string' || approvers.some(({ backup }) => !backup)) return []
  const message = 'every approver is a backup, so nobody is asked first and none is ever asked'
  return [{ path: ['approvers'], message }]
}
