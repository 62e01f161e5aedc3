import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { caseId } from '../../schema/names.ts'
import { knownLint } from '../lint/lint-cache.ts'
import type { Project } from '../project.ts'

/**
 * Ids of the cases in an eval set's folder, by what is quickly read: what lint knows of it as it is, else
 * what its baseline holds and what looks like an id in its case files. Loading the set would take a
 * second.
 */
export async function knownCases(project: Project, folder: string): Promise<readonly string[]> {
  const linted = await knownLint({ project, folder })
  if (linted !== undefined) return linted.cases.map(({ id }) => id)
  const found = new Set([...(await inBaseline(folder)), ...(await inCaseFiles(folder))])
  const ids = [...found].filter((id) => caseId.safeParse(id).success)
  // A template is no case; its rows are.
  const templates = new Set(ids.map((id) => /^(.+)\[/.exec(id)?.[1]))
  return ids.filter((id) => !templates.has(id))
}

async function inBaseline(folder: string): Promise<readonly string[]> {
  const text = await readOrNothing(path.join(folder, 'baseline.json'))
  return [...text.matchAll(/"id": ?"([^"\\]{1,200})"/g)].flatMap(([, id]) => id ?? [])
}

/** At the beginning of a case: `id: …`, `- id: …`, or `"id":"…"` in a line of JSON. */
const idLine =
  /^(?:-\s{1,4}|\s{0,4})id:\s{1,4}["']?([\w.[\]-]{1,200})|^\{"id": ?"([^"\\]{1,200})"/gm

async function inCaseFiles(folder: string): Promise<readonly string[]> {
  const cases = path.join(folder, 'cases')
  const entries = await readdir(cases, { recursive: true, withFileTypes: true })
  const files = entries.filter((one) => one.isFile() && /\.(?:ya?ml|jsonl?)$/.test(one.name))
  const texts = await Promise.all(
    files.map((one) => readOrNothing(path.join(one.parentPath, one.name))),
  )
  return texts.flatMap((text) =>
    [...text.matchAll(idLine)].flatMap(([, plain, json]) => plain ?? json ?? []),
  )
}

async function readOrNothing(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return ''
  }
}
