/** A recorded run, and the name under which it is imported. */
export interface Recording {
  readonly format: 'tau-bench' | 'agentdojo'
  readonly file: string
  readonly name: string
}

function tau(folder: string, name: string): Recording {
  return { format: 'tau-bench', file: `${folder}/${name}.json`, name }
}

function dojo(name: string): Recording {
  return { format: 'agentdojo', file: `agentdyn/${name}.jsonl.gz`, name }
}

export const recordings = {
  airline: tau('tau-airline-gpt4o', 'gpt-4o-airline'),
  retail: tau('tau-retail', 'baseline-tool-calling'),
  retailPreconditions: tau('tau-retail', 'candidate-preconditions'),
  gpt4o: dojo('gpt-4o-2024-08-06'),
  spotlighting: dojo('gpt-4o-2024-08-06-spotlighting_with_delimiting'),
  toolFilter: dojo('gpt-4o-2024-08-06-tool_filter'),
  mini: dojo('gpt-4o-mini-2024-07-18'),
  miniEarlier: dojo('gpt-4o-mini-2024-07-18.earlier-trial-identical-inputs'),
  drift1: dojo('gpt-4o-mini-2024-07-18-drift.trial1'),
  drift2: dojo('gpt-4o-mini-2024-07-18-drift.trial2'),
  drift3: dojo('gpt-4o-mini-2024-07-18-drift.trial3'),
} as const
