/** Something to do next. */
export interface NextCommand {
  readonly purpose:
    | 'look at it'
    | 'measure the baseline'
    | 'run again'
    | 'reproduce'
    | 'decide'
    | 'accept'
    | 'keep'
  /** `free`, `about $0.14`, or what must follow; empty where nothing is known. */
  readonly remark: string
  /** To be pasted into a shell; already free of control characters. */
  readonly command: string
}
