import { AgentEvalError } from '../../errors.ts'
import { storedTranscript } from '../../schema/judge.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { sha256 } from '../../text/hash.ts'
import { appendLines, type JudgeFile, readIfThere } from './judge-files.ts'

/**
 * Transcripts that people labelled, as their eval set keeps them: texts by their hashes.
 *
 * @throws AgentEvalError (input) with file and line for what is none, and for a text that is not the
 *   one its hash names: labels would then be of something else
 */
export async function readTranscripts(file: JudgeFile): Promise<Map<string, string>> {
  const transcripts = new Map<string, string>()
  const text = (await readIfThere(file)) ?? ''
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const source = { file: file.shown, line: index + 1 }
    const { transcript, transcriptHash } = parseLine(line, source)
    if (hashOfTranscript(transcript) !== transcriptHash) {
      throw new AgentEvalError('is not the transcript that its hash names', 'input', {
        source,
        hint: 'it was edited: take the line out',
      })
    }
    transcripts.set(transcriptHash, transcript)
  }
  return transcripts
}

function parseLine(
  line: string,
  source: { readonly file: string; readonly line: number },
): { readonly transcript: string; readonly transcriptHash: string } {
  try {
    return storedTranscript.parse(JSON.parse(line))
  } catch (cause) {
    throw new AgentEvalError('is not a transcript', 'input', { source, cause })
  }
}

/** As `transcriptOf` does it. */
function hashOfTranscript(text: string): string {
  return `sha256:${sha256(text)}`
}

/** Keeps a transcript, unless it is kept already. */
export async function keepTranscript(
  file: JudgeFile,
  known: Map<string, string>,
  { hash, text }: { readonly hash: string; readonly text: string },
): Promise<void> {
  if (known.has(hash)) return
  await appendLines(file, `${canonicalJson({ transcriptHash: hash, transcript: text })}\n`)
  known.set(hash, text)
}
