import type { Provenance } from '../../schema/run-manifest.ts'
import type { Comparison, RunResult } from '../../schema/run-result.ts'
import { markdownCode } from '../../text/sanitise-markdown.ts'
import type { Subject } from '../subject.ts'
import { toolName } from './sections.ts'
import { table } from './table.ts'

const maxText = 120

/** What was run, by content, for whoever wants to run it again: versions, hashes, models, the seed. */
export function environmentTable(subject: Subject, result: RunResult | Comparison): string {
  const { baseline, candidate } = subject
  const now = rowsOf(candidate)
  const before = new Map(baseline === undefined ? [] : rowsOf(baseline))
  const all = [...now, ...judgedBy(subject, result)].filter(([, text]) => text !== '')
  if (baseline === undefined) return table(['', 'this run'], 'll', all)
  const rows = all.map(([name, text]) => [name, before.get(name) ?? '', text])
  return table(['', 'baseline', 'candidate'], 'lll', rows)
}

function judgedBy({ verdict }: Subject, result: RunResult | Comparison): readonly Row[] {
  const served = result.kind === 'RunResult' ? (result.servedModels ?? []) : []
  return [
    ['models that answered', served.map(code).join(', ')],
    ['baseline', verdict?.baseline === undefined ? '' : code(verdict.baseline.from)],
    ['rules of', verdict?.rules === undefined ? '' : code(verdict.rules.from)],
    ['preset', verdict?.preset ?? ''],
  ]
}

type Row = readonly [name: string, text: string]

function rowsOf(provenance: Provenance): readonly Row[] {
  const { candidate, evalSet, judge, prices, seed, services = {}, source, tool } = provenance
  const known = (name: string, text: string | undefined): Row => [
    name,
    text === undefined ? '' : code(text),
  ]
  return [
    ['version', toolName(tool)],
    ['eval set', `${code(evalSet.id)} ${code(evalSet.version)} ${code(evalSet.hash)}`],
    ['agent', `${code(candidate.name)} ${code(candidate.hash)}`],
    ['answered by', provenance.agentBehind],
    known('prompt', candidate.promptHash),
    known('policy', candidate.policyHash),
    known('tools', candidate.toolsHash),
    known('budgets', candidate.budgetsHash),
    known('code', candidate.codeHash),
    ...Object.entries(candidate.models).map(([tier, model]): Row => {
      return [`model of ${code(tier)}`, code(model)]
    }),
    ...Object.entries(services).map(([name, url]): Row => [`address of ${code(name)}`, code(url)]),
    ['judge', judge === undefined ? '' : `${code(judge.model)} ${code(judge.rubricHash)}`],
    known('prices', prices),
    known('source', source),
    ['seed', String(seed)],
  ]
}

function code(text: string): string {
  return markdownCode(text, maxText)
}
