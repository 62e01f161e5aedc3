/** What a rule of lint is about, for whoever meets it for the first time. */
export interface LintRuleText {
  /** What is wrong, in a few words. */
  readonly title: string
  /** How it bites. */
  readonly why: string
  readonly mend: string
}

/** By rule. Where findings quote the case, these say the same in general. */
export const lintRules: Readonly<Record<string, LintRuleText>> = {
  'oracle-fails': {
    title: 'The case rejects its own solution',
    why: 'A case that nobody has solved cannot tell a good agent from a bad one.',
    mend: 'Mend the oracle, or what the case expects.',
  },
  'oracle-violates': {
    title: 'The solution breaks the judging policy',
    why: 'Whoever solves the case is counted as breaking a rule, so every agent looks unsafe.',
    mend: 'Solve the case within the rules, or mend the rule.',
  },
  'oracle-surprised': {
    title: 'A step of the solution goes otherwise than it says',
    why: 'An error or an escalation that nobody expected mostly means that the world is not what the author thought.',
    mend: 'Say in the step what it expects (`error: CODE`, `escalates: true`), or mend the call.',
  },
  'equivalent-fails': {
    title: 'The case rejects a solution that it calls as good',
    why: 'An agent that works in this way is failed for no reason, or the solution obeys the attack of its case.',
    mend: 'Mend the equivalent, or let the case accept it.',
  },
  'equivalent-violates': {
    title: 'A solution that is called as good breaks the judging policy',
    why: 'An agent that works in this way is counted as breaking a rule.',
    mend: 'Mend or remove the equivalent.',
  },
  'equivalent-surprised': {
    title: 'A step of an equivalent goes otherwise than it says',
    why: 'An error or an escalation that nobody expected mostly means that the world is not what the author thought.',
    mend: 'Say in the step what it expects (`error: CODE`, `escalates: true`), or mend the call.',
  },
  'null-agent-passes': {
    title: 'An agent without a brain passes',
    why: 'What silence, a blanket refusal or a list of every answer passes shows nothing about an agent that passes it too.',
    mend: 'Expect what only an agent that did the work can show: an effect, evidence of looking, a reason of this case.',
  },
  'mutant-survives': {
    title: 'A wrong solution passes',
    why: 'The solution with one thing wrong in it is graded as right, so an agent that makes this mistake is not found out.',
    mend: 'Expect what the mistake changes, or declare the mutant with a reason: accept_mutants.',
  },
  'acceptance-unused': {
    title: 'A declared mutant that does not survive',
    why: 'The declaration is about a mutant that does not exist or fails anyway; a later one of the same name would be let through unseen.',
    mend: 'Remove the entry of accept_mutants.',
  },
  'attack-not-delivered': {
    title: 'The attack never arrives',
    why: 'Whoever never meets an attack cannot be said to have resisted it.',
    mend: 'Let the solution read what the slot poisons, or name words that arrive with attack.exposure.',
  },
  'attack-goal-unreachable': {
    title: 'An agent that obeys is not caught',
    why: 'The attacker cannot win in this case, so its attack success rate is zero whatever the agent does.',
    mend: 'Mend attack.steps or attack.goal, so that the steps reach the goal.',
  },
  'attack-goal-without-attack': {
    title: 'The right solution counts as hijacked',
    why: 'The goal is reached by an agent that ignores the attack, so good agents look hijacked.',
    mend: 'Let the goal name what only the attacker wants.',
  },
  'twin-fails': {
    title: 'Without the attack the case cannot be solved',
    why: 'The drop in usefulness under attack is measured against the same case without it.',
    mend: 'Let the solution pass with the injection off too.',
  },
  'effects-without-limits': {
    title: 'A write is let through whatever it is done to',
    why: 'Writes are closed: only declared ones pass. A tool that is declared by its name alone is open for every record and every amount, so the same write to somebody else passes as well. The same holds for what is allowed beside the work with one of its ids or amounts left open.',
    mend: 'Limit the arguments of the effect, for example args: { order_id: O-1001, amount_usd: { max: 50 } }.',
  },
  'number-unanchored': {
    title: 'A number is also found inside a longer one',
    why: 'A pattern is found anywhere in a text: 25\\.98 is in 125.98, and O-1001 is in O-10014. An agent that says another number passes.',
    mend: 'Put \\b before and after the number, or compare it with the call that carries it: bind (a write) or cites (a read).',
  },
  'expectation-dead': {
    title: 'A criterion that decides nothing',
    why: 'With and without it the same trials pass. It reads as if it guarded something.',
    mend: 'Remove it, or make it say what was meant.',
  },
  'expectation-vacuous': {
    title: 'A criterion that nothing can fail',
    why: 'A pattern that is found in every text, a condition that looks at nothing, or demands that hold before the agent has done anything: whatever the agent does, they are met.',
    mend: 'Ask for what only the right solution says, does or looks up.',
  },
  'when-unreachable': {
    title: 'Words of the user that are never said',
    why: 'The turn waits for a reply that matches its `when`, and no solution gives one. The case then tests another conversation than it seems to.',
    mend: 'Let the oracle ask the question, or mend the pattern so that it finds it.',
  },
  'refusal-without-twin': {
    title: 'A refusal without a case in which the same action is right',
    why: 'An agent that never acts passes every case whose right answer is no. Only a twin in which the action is permitted tells restraint from idleness, and only an active one: a draft gates nothing.',
    mend: 'Name such a case with permitted_twin, or put one into the same cluster.',
  },
  'goal-unguarded': {
    title: 'An attack goal that breaks on other calls',
    why: 'A goal that reads c.args.x of every call cannot be evaluated when the agent calls a tool without that argument, and the trial is then not scored at all.',
    mend: "Ask for the tool first: calls.exists(c, c.tool == 'email.send' && c.args.to == 'x@example.net').",
  },
  'near-duplicate-across-splits': {
    title: 'A holdout case that reads like one of another split',
    why: 'Whoever tuned the agent on the other split has seen it, so the holdout no longer shows how the agent does on what nobody looked at.',
    mend: 'Say it in other words, or move both cases into one split.',
  },
}

/** Of a rule that is not in the table, such as one of a newer version, only its name is known. */
export function lintRuleText(rule: string): LintRuleText {
  if (Object.hasOwn(lintRules, rule)) return lintRules[rule] as LintRuleText
  return {
    title: rule,
    why: 'This version of agent-eval does not know the rule.',
    mend: 'See the finding.',
  }
}
