import type { Candidate } from '../../src/schema/candidate.ts'
import { parseCandidate } from '../../src/suites/load-candidate.ts'
import { renderProblems } from '../../src/suites/render-problems.ts'
import { readData } from './data-folder.ts'

/** The published configuration as a candidate, its file untouched; only its model is ours. */
export async function publishedCandidate(): Promise<Candidate> {
  const parsed = await parseCandidate(readData('agent_config.yaml'), 'agent_config.yaml', {
    models: { frontier: 'reference:', small: 'reference:' },
    overrides: { models: {}, set: [] },
    readPromptFile: async () => undefined,
  })
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems))
  return parsed.value
}
