import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { AgentEvalError } from '../../errors.ts'
import { type LlmbarSubset, llmbarFile, llmbarSubsets } from '../../importers/llmbar.ts'
import { isThere } from '../outside/node-folder.ts'
import { readText } from '../run-folder/run-folder.ts'

const run = promisify(execFile)

/** As LLMBar's stored verdicts are packed. */
const archiveName = 'evaluators.tar.xz'

interface LlmbarDocument {
  readonly subset: LlmbarSubset
  readonly document: unknown
  /** As messages call it. */
  readonly file: string
}

/**
 * Reads what one evaluator said, from an unpacked LLMBar or from the packed verdicts in its folder.
 *
 * Node unpacks no xz, so that the packed ones need the program `tar`.
 *
 * @throws AgentEvalError (usage) where there is nothing of the kind, or no `tar`
 * @throws AgentEvalError (input) for a file that is no JSON
 */
export async function readLlmbar(
  named: string,
  evaluator: string,
  cwd: string,
): Promise<readonly LlmbarDocument[]> {
  requireEvaluator(evaluator)
  const given = path.resolve(cwd, named)
  const isPacked = (await isThere(given)) && !(await stat(given)).isDirectory()
  const asked = { evaluator, shown: named }
  if (isPacked) return unpack(given, asked)
  for (const root of [given, path.dirname(given), path.join(given, 'Dataset')]) {
    if (await isThere(path.join(root, llmbarFile('Natural', evaluator)))) {
      return readAll(root, asked)
    }
  }
  const archive = path.join(given, archiveName)
  if (await isThere(archive)) return unpack(archive, asked)
  throw new AgentEvalError(`there are no verdicts of "${evaluator}"`, 'usage', {
    source: { file: named },
    hint: `name the folder that holds ${archiveName} or LLMBar/Natural/evaluators/${evaluator}`,
  })
}

interface Asked {
  readonly evaluator: string
  readonly shown: string
}

/** It becomes part of paths, and an argument of `tar`. */
function requireEvaluator(evaluator: string): void {
  if (/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(evaluator)) return
  throw new AgentEvalError(`"${evaluator}" is no evaluator of LLMBar`, 'usage', {
    hint: 'it is a model and a prompt: --evaluator GPT-4/Metrics_Reference',
  })
}

async function unpack(archive: string, asked: Asked): Promise<readonly LlmbarDocument[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'agent-eval-llmbar-'))
  try {
    const members = llmbarSubsets.map((subset) => llmbarFile(subset, asked.evaluator))
    await run('tar', ['-xJf', archive, '-C', folder, '--', ...members]).catch((cause: unknown) => {
      throw cannotUnpack(cause, asked)
    })
    return await readAll(folder, asked)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function cannotUnpack(cause: unknown, { evaluator, shown }: Asked): AgentEvalError {
  const { code, stderr = '' } = cause as { readonly code?: unknown; readonly stderr?: string }
  const source = { file: shown }
  if (stderr.includes('Not found in archive')) {
    return new AgentEvalError(`there are no verdicts of "${evaluator}"`, 'usage', { source, cause })
  }
  const hint =
    code === 'ENOENT'
      ? 'this needs the program tar: install it, or unpack the archive and name its folder'
      : 'unpack it by hand (tar -xJf, which needs xz) and name the folder that then holds LLMBar'
  return new AgentEvalError('cannot be unpacked', 'usage', { source, hint, cause })
}

async function readAll(
  root: string,
  { evaluator, shown }: Asked,
): Promise<readonly LlmbarDocument[]> {
  return Promise.all(
    llmbarSubsets.map(async (subset) => {
      const inner = llmbarFile(subset, evaluator)
      const file = path.join(shown, inner)
      const text = await readText(path.join(root, inner), file)
      try {
        return { subset, file, document: JSON.parse(text) as unknown }
      } catch (cause) {
        throw new AgentEvalError('is not JSON', 'input', { source: { file }, cause })
      }
    }),
  )
}
