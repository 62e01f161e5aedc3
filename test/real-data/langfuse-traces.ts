import { readdirSync } from 'node:fs'
import { z } from 'zod'
import { dataPath, readData } from './data-folder.ts'

/** An object, or the JSON text of one: the recordings have both. */
const metadata = z
  .unknown()
  .transform((value): unknown => (typeof value === 'string' ? JSON.parse(value) : value))
  .pipe(z.object({ attributes: z.record(z.string(), z.unknown()).default({}) }))
const recording = z.object({
  trace: z.object({ id: z.string() }),
  observations: z.array(z.object({ traceId: z.string(), metadata })),
})

export interface LangfuseTrace extends z.infer<typeof recording> {
  readonly framework: string
  readonly text: string
}

/** Recordings of one framework that are not named alike. */
const sameFramework: Readonly<Record<string, string>> = {
  'csharp-agent-with-gemini': 'microsoft-agent',
  'pydantic-ai-tools': 'pydantic-ai',
  'pydantic-ai-with-gemini': 'pydantic-ai',
}

const suffix = /-\d{4}-\d{2}-\d{2}\.trace\.json$/

export function langfuseTraces(): readonly LangfuseTrace[] {
  const files = readdirSync(dataPath('langfuse-traces')).filter((file) => suffix.test(file))
  return files.sort().map((file) => {
    const text = readData(`langfuse-traces/${file}`)
    const name = file.replace(suffix, '')
    return { framework: sameFramework[name] ?? name, text, ...recording.parse(JSON.parse(text)) }
  })
}

export function isWrittenBackAlike({ text }: LangfuseTrace): boolean {
  return JSON.stringify(JSON.parse(text), undefined, 2) === text.trimEnd()
}

/** Whether its spans carry attributes of OpenTelemetry's GenAI or OpenInference's conventions. */
export function hasModelAttributes({ observations }: LangfuseTrace): boolean {
  const names = observations.flatMap((one) => Object.keys(one.metadata.attributes))
  return names.some((name) => /^(gen_ai|openinference|llm)\./.test(name))
}

export function isOneTrace({ observations, trace }: LangfuseTrace): boolean {
  return observations.every(({ traceId }) => traceId === trace.id)
}
