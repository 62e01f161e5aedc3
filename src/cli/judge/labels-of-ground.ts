import { AgentEvalError } from '../../errors.ts'
import { type PlacedLabel, parseLabels } from '../../judge/label-rows.ts'
import { transcriptOf } from '../../judge/transcript.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { readEvents } from '../run-folder/read-events.ts'
import type { CalibrationGround } from './calibration-ground.ts'
import { readIfThere } from './judge-files.ts'

/**
 * The labels that a calibration stands on, each with the transcript it is of.
 *
 * @throws AgentEvalError (input) with file and line for a row that is none, for a criterion that the
 *   rubric does not have, and for a trial that no named run has
 */
export async function labelsOfGround(ground: CalibrationGround): Promise<readonly PlacedLabel[]> {
  const { evalSet, labelsFile } = ground
  const text = await readIfThere(labelsFile)
  if (text === undefined) throw noLabelsYet(labelsFile.shown)
  const labels = parseLabels(text, labelsFile.shown)
  if (evalSet !== undefined)
    requireKnown(labels, [...evalSet.judge.yardstick.criteria.keys()], ground)
  const hashes = new Map<string, string>()
  const placed: PlacedLabel[] = []
  for (const label of labels) {
    placed.push(label.transcriptHash === '' ? await placeLabel(label, ground, hashes) : label)
  }
  return placed
}

function noLabelsYet(file: string): AgentEvalError {
  return new AgentEvalError('there is no such file', 'input', {
    source: { file },
    hint: 'a judge is held against labels by people; make some with: npx agent-eval judge review RUN',
  })
}

function requireKnown(
  labels: readonly PlacedLabel[],
  known: readonly string[],
  { labelsFile: { shown } }: CalibrationGround,
): void {
  const stray = labels.find(({ criterion }) => !known.includes(criterion))
  if (stray === undefined) return
  const close = didYouMean(stray.criterion, known)
  throw new AgentEvalError(`unknown criterion "${stray.criterion}"`, 'input', {
    source: { file: shown, line: stray.line },
    hint: close === undefined ? `the rubric has: ${known.join(', ')}` : `did you mean "${close}"?`,
  })
}

/** A row that names only the trial: its run knows the transcript. */
async function placeLabel(
  label: PlacedLabel,
  { labelsFile: { shown }, runs, transcripts }: CalibrationGround,
  hashes: Map<string, string>,
): Promise<PlacedLabel> {
  const trial = (label.trial ?? '').replace(/^.*\//s, '')
  const known = hashes.get(trial)
  if (known !== undefined) return { ...label, transcriptHash: known }
  for (const run of runs) {
    const events = await readEvents(run, trial)
    if (events.length === 0) continue
    const { hash, text } = transcriptOf(events)
    hashes.set(trial, hash)
    transcripts.set(hash, text)
    return { ...label, transcriptHash: hash }
  }
  throw new AgentEvalError(`no transcript is known of trial "${trial}"`, 'input', {
    source: { file: shown, line: label.line },
    hint: 'name the run that holds it: --run RUN',
  })
}
