/** The nights of an eval set, one line each, committed beside it. */
export const historyFile = 'history.jsonl'
