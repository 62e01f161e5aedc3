import type { z } from 'zod'
import type { Folder } from '../ports.ts'
import type { EvalSetFile } from '../schema/evalset.ts'
import {
  type JudgeCalibration,
  judgeCalibration,
  type Rubric,
  rubricFile,
  type StoredVote,
  storedVote,
} from '../schema/judge.ts'
import { quote } from './describe.ts'
import { fileName, leadsOut, readText } from './folder-files.ts'
import { innerPath } from './inner-path.ts'
import { limits } from './limits.ts'
import { type ParsedDocument, parseDocument } from './parse-document.ts'
import type { Checked, Problem } from './problem.ts'
import type { SourceText } from './reporter.ts'
import type { Source } from './source.ts'

/** The documents of a judge, as its eval set has them. */
export interface JudgeParts {
  readonly rubric: { readonly value: Rubric; readonly source: Source }
  readonly votes: readonly StoredVote[]
  /** Absent: nobody has calibrated the judge. */
  readonly calibration?: JudgeCalibration
}

/** Reads what `judge` in `evalset.yaml` names; `undefined` where the eval set has no judge. */
export async function readJudge(
  folder: Folder,
  main: ParsedDocument<EvalSetFile>,
): Promise<Checked<JudgeParts | undefined>> {
  if (main.value.judge === undefined) return { ok: true, value: undefined }
  const [rubric, votes, calibration, labels] = await Promise.all([
    readNamed({ folder, main, key: 'rubric' }, (input) => parseDocument(input, rubricFile)),
    readNamed({ folder, main, key: 'votes_file' }, readVotes),
    readNamed({ folder, main, key: 'calibration' }, (input) =>
      parseDocument(input, judgeCalibration),
    ),
    readNamed({ folder, main, key: 'labels' }, () => ({ ok: true, value: undefined })),
  ])
  if (!rubric.ok || !votes.ok || !calibration.ok || !labels.ok) {
    const problems = [rubric, votes, calibration, labels].flatMap((part) =>
      part.ok ? [] : part.problems,
    )
    return { ok: false, problems }
  }
  if (rubric.value === undefined) return missing(main, 'rubric')
  return {
    ok: true,
    value: {
      rubric: rubric.value,
      votes: votes.value ?? [],
      ...(calibration.value !== undefined && { calibration: calibration.value.value }),
    },
  }
}

type Key = 'calibration' | 'labels' | 'rubric' | 'votes_file'

interface Wanted {
  readonly folder: Folder
  readonly main: ParsedDocument<EvalSetFile>
  readonly key: Key
}

/** `undefined` for a file that is not there; a file that somebody named has to be. */
async function readNamed<T>(
  { folder, key, main }: Wanted,
  parse: (input: SourceText) => Checked<T>,
): Promise<Checked<T | undefined>> {
  const named = main.value.judge?.[key] ?? ''
  const path = innerPath(named)
  if (path === undefined) {
    const finding = { path: ['judge', key], message: leadsOut(named) }
    return { ok: false, problems: [main.source.problem(finding)] }
  }
  const text = await readText(folder, path)
  if (!text.ok) return text
  if (text.value !== undefined) return parse({ text: text.value, file: fileName(folder, path) })
  return isNamed(main, key) ? missing(main, key) : { ok: true, value: undefined }
}

function isNamed(main: ParsedDocument<EvalSetFile>, key: Key): boolean {
  const { judge } = main.source.value as { readonly judge?: object }
  return judge !== undefined && Object.hasOwn(judge, key)
}

function missing(
  main: ParsedDocument<EvalSetFile>,
  key: Key,
): { readonly ok: false; readonly problems: readonly Problem[] } {
  const message = `there is no file ${quote(main.value.judge?.[key] ?? '')}`
  const hint =
    key === 'rubric'
      ? 'a judge answers the criteria of a rubric: create it, or name another with `judge: { rubric: … }`'
      : `create it, or name another with \`judge: { ${key}: … }\``
  return { ok: false, problems: [main.source.problem({ path: ['judge', key], message, hint })] }
}

/** Votes that are stored: JSON Lines, one vote each; empty lines do not count. */
export function readVotes({ file, text }: SourceText): Checked<readonly StoredVote[]> {
  if (text.length > limits.charactersOfLines) {
    const message = `too large: ${text.length} characters, at most ${limits.charactersOfLines}`
    return { ok: false, problems: [{ file, path: '', message, hint: 'take old votes out' }] }
  }
  const votes: StoredVote[] = []
  const problems: Problem[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const read = readVote({ text: line.replace(/\r$/, ''), file, firstLine: index + 1 }, storedVote)
    if (read.ok) votes.push(read.value)
    else problems.push(...read.problems)
    if (problems.length > limits.problems) break
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: votes }
}

function readVote<S extends z.ZodType>(input: SourceText, schema: S): Checked<z.output<S>> {
  const parsed = parseDocument(input, schema)
  return parsed.ok ? { ok: true, value: parsed.value.value } : parsed
}
