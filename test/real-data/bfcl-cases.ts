import { z } from 'zod'
import { readDataLines } from './data-folder.ts'

const groups = ['simple_python', 'multiple', 'parallel', 'irrelevance', 'multi_turn_base']

const named = z.object({ id: z.string() })
/** Per case its calls: a function, and for each of its arguments the values that are accepted. */
const answers = z.array(
  z.object({
    id: z.string(),
    ground_truth: z.array(z.record(z.string(), z.record(z.string(), z.array(z.unknown()).min(1)))),
  }),
)

/** Ids of the cases, by group. */
export function bfclCases(): readonly (readonly string[])[] {
  return groups.map((group) => idsIn(`BFCL_v4_${group}.json`))
}

/** Cases without an answer of their own, by group; where no call is expected, that is all. */
export function bfclUnanswered(): readonly number[] {
  return groups.map((group) => {
    const ids = idsIn(`BFCL_v4_${group}.json`)
    if (group === 'irrelevance') return ids.length
    const answered = new Set(idsIn(`possible_answer/BFCL_v4_${group}.json`))
    return ids.filter((id) => !answered.has(id)).length
  })
}

/** Cases whose every argument lists the values it accepts, of groups with single requests. */
export function bfclWithAcceptedValues(): readonly number[] {
  return groups.slice(0, 3).map((group) => {
    const lines = readDataLines(`bfcl-v4-cases/possible_answer/BFCL_v4_${group}.json`)
    return answers.parse(lines).length
  })
}

function idsIn(file: string): readonly string[] {
  return readDataLines(`bfcl-v4-cases/${file}`).map((line) => named.parse(line).id)
}
