import { createHash } from 'node:crypto'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { asJson } from '../../schema/json.ts'
import { type RunManifest, runManifest } from '../../schema/run-manifest.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { linesOf, runFiles } from './run-folder.ts'

/**
 * What this process knows of a run's files, to tell when they are read for the decision whether somebody
 * else has written into them. Agents run on the same machine, and a program of theirs may outlive them.
 */
export interface RunSeal {
  /** Lines as they are appended to the trials. */
  readonly add: (lines: string) => void
  /** Its manifest, as it was written last. */
  readonly setManifest: (manifest: RunManifest) => void
  /** Begins a check: told every line as it is read, and at the end the manifest. */
  readonly check: () => SealCheck
}

interface SealCheck {
  readonly line: (text: string) => void
  /** @throws AgentEvalError (evidence) where this is not what was written */
  readonly end: (manifest: RunManifest) => void
}

/** The seals of the runs of a command, by folder. */
export type RunSeals = Map<string, RunSeal>

/** Seals a run as it stands; of its trials only a hash is kept. */
export async function sealRun(folder: string, manifest: RunManifest): Promise<RunSeal> {
  const written = createHash('sha256')
  let known = textOf(manifest)
  for await (const line of linesOf(path.join(folder, runFiles.trials))) written.update(`${line}\n`)
  return {
    add: (lines) => {
      written.update(lines)
    },
    setManifest: (next) => {
      known = textOf(next)
    },
    check() {
      const read = createHash('sha256')
      return {
        line: (text) => {
          read.update(`${text}\n`)
        },
        end: (found) => {
          if (textOf(found) !== known) throw wasChanged(folder, 'manifest')
          if (read.digest('hex') !== written.copy().digest('hex')) {
            throw wasChanged(folder, 'trials')
          }
        },
      }
    },
  }
}

/** @param cause - how it showed, where the file cannot even be read any more */
export function wasChanged(
  folder: string,
  name: 'manifest' | 'trials',
  cause?: unknown,
): AgentEvalError {
  const file = runFiles[name]
  return new AgentEvalError(`${file} was changed while the run was under way`, 'evidence', {
    source: { file: path.join(folder, file) },
    hint: 'nothing is decided from it: find out which program wrote there, and run again',
    cause,
  })
}

/** As a reader of the file gets it. */
function textOf(manifest: RunManifest): string {
  const read: unknown = JSON.parse(canonicalJson(asJson(manifest)))
  return canonicalJson(asJson(runManifest.parse(read)))
}
