import type { Candidate } from '../../schema/candidate.ts'
import type { EffectiveValue, ValueSource } from '../../schema/effective-config.ts'
import { asJson, type JsonObject } from '../../schema/json.ts'
import type { Path } from '../../suites/problem.ts'
import { parseOverride, sectionPath } from '../../suites/set-override.ts'
import type { CandidateChoice } from '../candidate/candidate-file.ts'
import { fileOrDefault } from './held-values.ts'
import { type Leaf, leavesOf } from './leaves.ts'
import type { PlacedFile } from './placed-file.ts'

interface CandidateSides {
  readonly candidate: Candidate
  /** Its own file. */
  readonly placed: PlacedFile
  /** `agent-eval.yaml`, whose `models` fill what is missing. */
  readonly project: PlacedFile
  readonly options: CandidateChoice
}

/** Every value of the agent under test: `--model` and `--set` beat its file, that beats the project. */
export function candidateValues(sides: CandidateSides): readonly EffectiveValue[] {
  return leavesOf(asJson(sides.candidate)).map((leaf) => {
    return { key: leaf.path.join('.'), value: leaf.value, source: sourceOf(leaf, sides) }
  })
}

function sourceOf(leaf: Leaf, sides: CandidateSides): ValueSource {
  const [section = '', tier = ''] = leaf.path.map(String)
  if (section === 'models') return modelSource(leaf.path, tier, sides)
  const found = ownSource(leaf.path, sides)
  const isHash = section === 'versions' && found.from === 'default'
  return isHash ? { from: 'derived', why: 'a hash of what it names' } : found
}

function modelSource(path: Path, tier: string, sides: CandidateSides): ValueSource {
  const { options, project } = sides
  if (options.model?.some((one) => one.startsWith(`${tier}=`)) === true) {
    return { from: 'flag', flag: `--model ${tier}` }
  }
  const own = ownSource(path, sides)
  return own.from === 'default' ? fileOrDefault(project, path) : own
}

/** By `--set`, by the file, or by nobody. */
function ownSource(path: Path, { options, placed }: CandidateSides): ValueSource {
  const file = objectOf(placed)
  const [section = '', ...rest] = path
  const place = [...sectionPath(file, String(section)), ...rest]
  for (const typed of (options.set ?? []).toReversed()) {
    const parsed = parseOverride(typed, file)
    if (parsed.ok && touches(parsed.override.path, place)) {
      return { from: 'flag', flag: `--set ${typed.slice(0, typed.indexOf('='))}` }
    }
  }
  return fileOrDefault(placed, place)
}

function objectOf({ value }: PlacedFile): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {}
}

/** Whether one of two paths leads through the other. */
function touches(a: Path, b: Path): boolean {
  const shared = Math.min(a.length, b.length)
  return a.slice(0, shared).every((step, index) => String(step) === String(b[index]))
}
