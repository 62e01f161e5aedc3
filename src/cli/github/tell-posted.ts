import { workflowCommand } from '../../report/github/workflow-command.ts'
import type { CommentAction, CommentDraft } from '../../report/markdown/comment-action.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { writeText } from '../print/write-text.ts'
import { addToSummary } from './job-files.ts'
import { actionsBot, type Posted } from './post-comments.ts'
import type { Unsaid } from './why-unsaid.ts'

interface ToldPull {
  readonly number: number
  /** Whose comments are ours, where the user said so. */
  readonly author: string | undefined
}

/** Says what became of each comment. */
export function tellPosted(posted: readonly Posted[], pull: ToldPull, io: Io): void {
  for (const one of posted) for (const line of postedLines(one, pull)) tellLine(line, io)
  if (posted.length === 0) tellLine(`no comment of ours stands on #${pull.number}`, io)
}

export function tellNowhere(why: string, io: Io): void {
  tellLine(`nothing to comment on: ${why}`, io)
}

/**
 * Says that GitHub did not take some comments, where somebody sees it, and puts their text into the job
 * summary, or else on stdout.
 */
export async function tellUnsaid(
  { drafts, why }: { readonly why: Unsaid; readonly drafts: readonly CommentDraft[] },
  io: Io,
): Promise<void> {
  const message = `the comment could not be written: ${why.what}\n${why.remedy}`
  if (io.env['GITHUB_ACTIONS'] === 'true') {
    const title = 'agent-eval: no comment'
    io.stdout.write(`${workflowCommand({ level: 'warning', title, message })}\n`)
  } else {
    io.stderr.write(
      `warning: ${message
        .split('\n')
        .map((line) => terminalLine(line))
        .join('\n  ')}\n`,
    )
  }
  for (const { body } of drafts) if (!(await addToSummary(io, body))) writeText(io, body)
}

function tellLine(line: string, io: Io): void {
  writeText(io, `${terminalLine(line)}\n`)
}

function postedLines(one: Posted, { author, number }: ToldPull): readonly string[] {
  const { action, comment, draft } = one
  const where = comment === undefined ? '' : `: ${comment.html_url}`
  return [
    `${draft.evalSet}: ${said(action, number)}${where}`,
    ...othersLine(one),
    ...strangerLine(one, author),
  ]
}

function said(action: CommentAction, number: number): string {
  switch (action.kind) {
    case 'create':
      return 'comment written'
    case 'update':
      return 'comment updated'
    case 'leave':
      return action.why === 'unchanged'
        ? 'the comment says so already'
        : 'a pass, and nothing is written about it; --on-pass decides that'
    case 'refuse':
      return `nothing written: #${number} has a newer head (${action.newHead.slice(0, 12)})`
  }
}

function othersLine({ action, draft: { evalSet } }: Posted): readonly string[] {
  if (!('others' in action) || action.others === 0) return []
  const { others } = action
  return [
    others === 1
      ? `${evalSet}: an older comment of ours stands there as well; delete it`
      : `${evalSet}: ${others} older comments of ours stand there as well; delete them`,
  ]
}

/** Nobody tells an app who it is before it has written something. */
function strangerLine(
  { comment, draft: { evalSet } }: Posted,
  author: string | undefined,
): readonly string[] {
  const user = comment?.user
  if (author !== undefined || user?.type !== 'Bot' || user.login === actionsBot) return []
  return [
    `${evalSet}: written as ${user.login}; say --author '${user.login}', or the next run writes another`,
  ]
}
