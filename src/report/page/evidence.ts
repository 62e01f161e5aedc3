import type { PageData, PageFact } from '../../schema/page-data.ts'
import type { Provenance } from '../../schema/run-manifest.ts'
import type { Comparison, RunResult } from '../../schema/run-result.ts'
import type { ReportContext, ReportInput } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import { type Subject, subjectOf } from '../subject.ts'
import { controlEvidence } from './evidence-controls.ts'
import { gateEvidence } from './evidence-gate.ts'
import { sampleEvidence } from './evidence-sample.ts'
import { yardstickEvidence } from './evidence-yardstick.ts'
import { factOf, factsOf } from './facts.ts'
import { policyChangeFacts } from './policy-change.ts'

type Group = PageData['evidence'][number]

/** What an auditor wants to hold against something: versions, hashes, rules, people, seeds, prices. */
export function evidenceOf({ context, page, result }: ReportInput): readonly Group[] {
  const subject = subjectOf(result)
  const served = servedBy(result, page)
  const policy = result.kind === 'RunResult' ? result.policyDiff : undefined
  const groups: readonly Group[] = [
    {
      title: 'what was run',
      facts: [...armFacts(subject.candidate, served), ...placeFacts(context)],
    },
    { title: 'what it was compared with', facts: [...baselineFacts(subject)] },
    {
      title: 'how it was measured',
      facts: [...yardstickEvidence(result), ...sampleEvidence(subject)],
    },
    { title: 'by which rules it was decided', facts: [...gateEvidence(subject)] },
    { title: 'what controls and people did', facts: [...controlEvidence(subject)] },
    {
      title: 'what the changed policy means',
      facts: policy === undefined ? [] : [...policyChangeFacts(policy)],
    },
  ]
  return groups.filter(({ facts }) => facts.length > 0)
}

function armFacts(
  { agentBehind, candidate, evalSet, prices, seed, services = {}, source, tool }: Provenance,
  served: readonly string[] | undefined,
): readonly PageFact[] {
  return [
    ...factOf('tool', say(tool)),
    ...factOf('eval set', `${say(evalSet.id)} ${say(evalSet.version)}`),
    ...factOf('eval set hash', say(evalSet.hash)),
    ...candidateFacts(candidate),
    ...factOf('what answered', agentBehind),
    ...factsOf('model', pairs(candidate.models)),
    ...factOf(
      'models that answered',
      served === undefined ? 'not recorded' : served.map(say).join(', '),
    ),
    ...factsOf('service', pairs(services)),
    ...factOf('prices', prices === undefined ? 'nothing was priced' : say(prices)),
    ...factOf('seed', String(seed)),
    ...factOf('source', say(source ?? '')),
  ]
}

/** As the result says, which a comparison does not; else as the trials do. */
function servedBy(
  result: RunResult | Comparison,
  page: ReportInput['page'],
): readonly string[] | undefined {
  if (result.kind === 'RunResult') return result.servedModels
  const models = (page?.candidate?.trials ?? []).flatMap((line) => line.servedModels ?? [])
  return models.length === 0 ? undefined : [...new Set(models)].sort()
}

function candidateFacts(candidate: Provenance['candidate']): readonly PageFact[] {
  const { budgetsHash, codeHash, hash, name, policyHash, promptHash, toolsHash } = candidate
  return [
    ...factOf('candidate', say(name)),
    ...factOf('candidate hash', say(hash)),
    ...factOf('prompt hash', say(promptHash)),
    ...factOf('policy hash', say(policyHash)),
    ...factOf('tools hash', say(toolsHash)),
    ...factOf('budgets hash', say(budgetsHash)),
    ...factOf('code hash', say(codeHash ?? '')),
  ]
}

function pairs(record: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(record)
    .sort()
    .map((key) => `${say(key)}: ${say(record[key] ?? '')}`)
}

function placeFacts({ commit, evalSetName, runPath, runUrl }: ReportContext): readonly PageFact[] {
  return [
    ...factOf('named here', say(evalSetName)),
    ...factOf('run', say(runPath ?? '')),
    ...factOf('commit', say(commit ?? '')),
    ...factOf('CI run', say(runUrl ?? '')),
  ]
}

/** Of a committed baseline a verdict keeps its name, where it came from, and its hash. */
function baselineFacts({ baseline, verdict }: Subject): readonly PageFact[] {
  const found = verdict?.baseline
  return [
    ...(found === undefined
      ? factOf('baseline', verdict === undefined ? '' : 'none')
      : [
          ...factOf('baseline', say(found.name)),
          ...factOf('from', say(found.from)),
          ...factOf('provenance hash', say(found.hash)),
        ]),
    ...(baseline === undefined ? [] : armFacts(baseline, undefined).filter(isOfBaseline)),
  ]
}

/** Who served a baseline's models is not kept. */
function isOfBaseline({ label }: PageFact): boolean {
  return label !== 'models that answered'
}
