import { formatTrialKey, type TrialKey } from '../../schema/trial-key.ts'
import { stripControl } from '../../text/strip-control.ts'

export type ArmName = 'candidate' | 'baseline'

/** What a trial is called on a page with two arms: `candidate/refund.full#2`. */
export function trialKeyOn(arm: ArmName, key: TrialKey): string {
  return `${arm}/${stripControl(formatTrialKey(key))}`
}
