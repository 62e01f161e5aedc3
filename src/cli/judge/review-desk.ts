import { AgentEvalError } from '../../errors.ts'
import { formatLabel, labelHeader, labelOf, parseLabelRows } from '../../judge/label-rows.ts'
import type { JudgeLabel } from '../../schema/judge.ts'
import type { JudgedSet } from './calibration-ground.ts'
import { appendLines, type JudgeFile, ownFile, readIfThere } from './judge-files.ts'
import { keepTranscript, readTranscripts } from './transcripts-file.ts'

/** The labels of an eval set, open to be added to. */
export interface ReviewDesk {
  readonly labelsFile: JudgeFile
  /** Whether this author has labelled this transcript by this wording. */
  readonly isLabelled: (label: LabelPlace) => boolean
  /** The label is on disk, and its transcript, when this returns. */
  readonly add: (label: JudgeLabel, transcript: string) => Promise<void>
}

type LabelPlace = Pick<JudgeLabel, 'author' | 'criterion' | 'criterionHash' | 'transcriptHash'>

/**
 * Opens the labels of an eval set.
 *
 * @throws AgentEvalError (input) for files that are there and cannot be read: nothing is added to them
 */
export async function openReviewDesk(evalSet: JudgedSet): Promise<ReviewDesk> {
  const { settings } = evalSet.judge
  const labelsFile = await ownFile(evalSet, settings.labels)
  const transcriptsFile = await ownFile(evalSet, settings.transcripts)
  const transcripts = await readTranscripts(transcriptsFile)
  const before = parseLabelRows((await readIfThere(labelsFile)) ?? '', labelsFile.shown)
  requireWritable(before.header, labelsFile)
  const labels = before.rows.map((row) => labelOf(row, labelsFile.shown))
  const known = new Set(labels.map(placeOf))
  const state = { header: before.header }
  return {
    labelsFile,
    isLabelled: (label) => known.has(placeOf(label)),
    async add(label, transcript) {
      await keepTranscript(transcriptsFile, transcripts, {
        hash: label.transcriptHash,
        text: transcript,
      })
      if (state.header.length === 0) {
        await appendLines(labelsFile, labelHeader + formatLabel(label))
        state.header = parseLabelRows(labelHeader, labelsFile.shown).header
      } else await appendLines(labelsFile, formatLabel(label, state.header))
      known.add(placeOf(label))
    },
  }
}

/** A label without its transcript or its author would be lost. */
function requireWritable(header: readonly string[], { shown }: JudgeFile): void {
  const missing = ['transcript_hash', 'author'].find((name) => !header.includes(name))
  if (header.length === 0 || missing === undefined) return
  throw new AgentEvalError(`there is no column "${missing}"`, 'input', {
    source: { file: shown, line: 1 },
    hint: 'add it, so that labels can be added',
  })
}

function placeOf({ author, criterion, criterionHash = '', transcriptHash }: LabelPlace): string {
  return JSON.stringify([author.toLowerCase(), criterion, criterionHash, transcriptHash])
}
