import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { dataPath, readDataJson } from './data-folder.ts'
import { zipEntries } from './zip-entries.ts'

const sample = z.object({
  scores: z.record(z.string(), z.unknown()).nullish(),
  messages: z.array(z.object({ role: z.string(), error: z.unknown().optional() })),
})
const header = z.object({
  version: z.number(),
  status: z.string(),
  eval: z.object({ model: z.string() }),
})
const log = header.extend({ samples: z.array(sample) })
export type InspectLog = z.infer<typeof log>

/** The logs with this ending: a JSON document, or a zip archive of a header and one file a sample. */
export function inspectLogs(ending: '.json' | '.eval'): readonly InspectLog[] {
  const names = readdirSync(dataPath('inspect-logs')).filter((name) => name.endsWith(ending))
  const files = names.sort().map((name) => `inspect-logs/${name}`)
  return files.map((file) =>
    ending === '.json' ? log.parse(readDataJson(file)) : zippedLog(dataPath(file)),
  )
}

function zippedLog(file: string): InspectLog {
  const entries = [...zipEntries(readFileSync(file))]
  const parsed = (wanted: (name: string) => boolean): readonly unknown[] =>
    entries.flatMap(([name, text]): unknown[] => (wanted(name) ? [JSON.parse(text)] : []))
  const [first] = parsed((name) => name === 'header.json')
  const samples = parsed((name) => name.startsWith('samples/'))
  return { ...header.parse(first), samples: samples.map((one) => sample.parse(one)) }
}

/** Whether a message carries an error, such as that of a tool call. */
export function hasFailedCall({ samples }: InspectLog): boolean {
  const messages = samples.flatMap((one) => one.messages)
  return messages.some(({ error }) => error !== undefined && error !== null)
}

export function isUnscored({ samples }: InspectLog): boolean {
  return samples.some(({ scores }) => Object.keys(scores ?? {}).length === 0)
}
