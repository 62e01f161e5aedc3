import type { JsonValue } from '../../schema/json.ts'
import type { PageStep, PageTone } from '../../schema/page-data.ts'

/** A step before its texts are cut and its sameness is written down. */
export interface StepDraft {
  readonly kind: PageStep['kind']
  /** Already plain. */
  readonly title: string
  /** As somebody wrote them. */
  readonly words?: string | undefined
  readonly data?: JsonValue | undefined
  /** Already plain. */
  readonly because?: string | undefined
  readonly tone?: PageTone | undefined
  /** What makes it the same as a step of another trial, beside its kind. */
  readonly same: JsonValue
}
