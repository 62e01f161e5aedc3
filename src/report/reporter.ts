import type { CaseStats } from '../schema/case-stats.ts'
import type { CaseResult, Comparison, RunResult } from '../schema/run-result.ts'
import type { PageMaterial } from './page/page-material.ts'

/** What the command line says of the agent under test, beside what its eval set names. */
export interface AgentChoice {
  readonly candidate?: string | undefined
  readonly model?: readonly string[] | undefined
  readonly set?: readonly string[] | undefined
}

/** Which part of several a run is, from 1. */
interface ShardPlace {
  readonly index: number
  readonly total: number
}

/** A case as formats need it that list every one: with its counts, and where it stands. */
export type ReportedCase = CaseStats & Pick<CaseResult, 'file' | 'line'>

/** What a document does not say about itself: how the user reaches it again. */
export interface ReportContext {
  /** The eval set as it is named on the command line. */
  readonly evalSetName: string
  /** What every suggested command starts with, such as `npx agent-eval`. */
  readonly commandPrefix: string
  /** The candidate's run, for commands. Without it no command needs a run. */
  readonly runPath?: string | undefined
  /** How that run was told which agent to run: the same words run the same agent again. */
  readonly agent?: AgentChoice | undefined
  /** Of a run that is one part of several: nothing is decided on it alone. */
  readonly shard?: ShardPlace | undefined
  /** Of a run that was put together: the parts that are not there, from 1, and how many there should be. */
  readonly missingShards?: readonly number[] | undefined
  readonly expectedShards?: number | undefined
  /** The run left cases of its eval set out, so that it makes no baseline. */
  readonly isPartial?: boolean | undefined
  /** Trials of each case that a baseline should have, for runs as the eval set asks for them. */
  readonly baselineTrials?: number | undefined
  /** Somebody asked for a run that is compared with nothing. */
  readonly isUncompared?: boolean | undefined
  /** Where case files can be read, such as `https://host/repo/blob/SHA/`; `path#Lnn` is added. */
  readonly caseFileUrl?: string | undefined
  /**
   * Where the run's folder lies in its repository: empty for the root, else ends in `/`. Files of cases
   * are relative to that folder.
   */
  readonly repositoryFolder?: string | undefined
  /** Cases of the candidate, where the document has none of its own: a comparison knows what moved. */
  readonly cases?: readonly ReportedCase[] | undefined
  /** What has really been paid; without it the result's own sum is shown. */
  readonly spentUsd?: number | undefined
  readonly budgetUsd?: number | undefined
  readonly commit?: string | undefined
  readonly runUrl?: string | undefined
  /** One more sentence for the footer. */
  readonly note?: string | undefined
}

export interface ReportInput {
  readonly result: RunResult | Comparison
  /** What programs read instead, where people are shown the run that was compared. */
  readonly document?: Comparison | undefined
  readonly context: ReportContext
  /** What a page shows beside the result; loaded only where a page was asked for. */
  readonly page?: PageMaterial | undefined
}

export interface RenderStyle {
  /** Only the terminal has colours, and every word stands there without them too. */
  readonly colour: boolean
}

/**
 * Turns a result document into text. Pure, and decides nothing: whatever it says stands in the
 * document. Equal input gives equal bytes.
 */
export interface Reporter {
  readonly id: string
  /** For the help text: what one gets. */
  readonly describes: string
  readonly render: (input: ReportInput, style?: RenderStyle) => string
}
