import type { CriterionAgreement } from '../schema/judge-agreement.ts'
import type { LabelledItem } from './settle-labels.ts'

type Group = NonNullable<CriterionAgreement['groups']>[number]
type Macro = NonNullable<CriterionAgreement['macro']>[number]

interface JudgedItem extends Pick<LabelledItem, 'group' | 'label'> {
  readonly judged: 'pass' | 'fail' | undefined
}

/** How often the judge gave the label, apart for each part of the labelled material; sorted. */
export function groupsOf(items: readonly JudgedItem[]): readonly Group[] {
  const groups = new Map<string, { labels: number; right: number }>()
  for (const { group, judged, label } of items) {
    if (group === undefined) continue
    const known = groups.get(group) ?? { labels: 0, right: 0 }
    known.labels += 1
    if (judged === label) known.right += 1
    groups.set(group, known)
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, { labels, right }]) => ({ group, labels, accuracy: right / labels }))
}

/**
 * Mean accuracy over groups such as `Adversarial/Manual` and `Adversarial/Neighbor`, each of which
 * weighs the same however many labels it has; where there is only one there is nothing to average.
 */
export function macroOf(groups: readonly Group[]): readonly Macro[] {
  const families = new Map<string, number[]>()
  for (const { accuracy, group } of groups) {
    const slash = group.indexOf('/')
    const family = slash === -1 ? '' : group.slice(0, slash)
    families.set(family, [...(families.get(family) ?? []), accuracy])
  }
  return [...families]
    .filter(([, accuracies]) => accuracies.length > 1)
    .map(([of, accuracies]) => ({
      of,
      groups: accuracies.length,
      accuracy: accuracies.reduce((sum, one) => sum + one, 0) / accuracies.length,
    }))
}
