import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { evalSetFile } from '../../schema/evalset.ts'
import { parseDocument } from '../../suites/parse-document.ts'
import { isMissing } from '../outside/node-folder.ts'

/** The id of the eval set in a folder; `undefined` where none can be read. */
export async function idInFolder(folder: string): Promise<string | undefined> {
  const file = path.join(folder, 'evalset.yaml')
  try {
    const parsed = parseDocument({ text: await readFile(file, 'utf8'), file }, evalSetFile)
    return parsed.ok ? parsed.value.value.id : undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
