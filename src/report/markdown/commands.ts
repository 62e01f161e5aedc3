import { linkAddress } from '../../text/link-address.ts'
import { markdownCode } from '../../text/sanitise-markdown.ts'
import { nextCommands } from '../commands/commands.ts'
import type { NextCommand } from '../commands/next-command.ts'
import { whyNoAccept } from '../commands/why-no-accept.ts'
import type { ReportContext } from '../reporter.ts'
import type { Subject } from '../subject.ts'
import { list } from './table.ts'

/** Longest command, in code points: half a command is worse than none. */
const maxCommand = 1000
/** Where runs are written, and what the workflows call the artifact that holds them. */
const usualOutput = 'agent-eval-results'

/** What to do next, each as something to paste. */
export function commandsSection(subject: Subject, context: ReportContext): string {
  const download = downloadOf(context)
  const items = nextCommands(subject, context).map((one) =>
    commandItem(
      download !== undefined && readsRun(one, context)
        ? { ...one, command: `${download} && ${one.command}` }
        : one,
    ),
  )
  const text = list([
    ...withoutRun(context, download),
    ...items,
    ...whyNoAccept(subject).map(
      (why) => `**accept**: ${why.replace('gate.waivers', '`gate.waivers`')}`,
    ),
  ])
  return text === '' ? '' : `#### What to do next\n\n${text}`
}

function commandItem({ command, purpose, remark }: NextCommand): string {
  const isShort = Array.from(command).length <= maxCommand
  const label = `**${purpose}**${remark === '' ? '' : ` (${remark})`}`
  return `${label}: ${isShort ? markdownCode(command, maxCommand) : 'the command is too long for a comment'}`
}

/** The run is on a machine that is gone by now: GitHub has it as an artifact. */
function downloadOf({ runPath, runUrl, shard }: ReportContext): string | undefined {
  if (runPath !== undefined && !runPath.startsWith(`${usualOutput}/`)) return undefined
  const id = /\/actions\/runs\/(\d{1,20})(?:[/?#]|$)/.exec(linkAddress(runUrl) ?? '')?.[1]
  const artifact = shard === undefined ? usualOutput : `agent-eval-shard-${shard.index}`
  return id && `gh run download ${id} -n ${artifact} -D ${usualOutput}`
}

/** Whether a command is about this run: neither one that runs anew nor one about all parts of a run. */
function readsRun({ command, purpose }: NextCommand, context: ReportContext): boolean {
  if (purpose === 'decide' && context.shard !== undefined) return false
  return !command.startsWith(`${context.commandPrefix} run `)
}

/** A document that was rendered elsewhere does not know what its run is called. */
function withoutRun(
  { commandPrefix, runPath }: ReportContext,
  download: string | undefined,
): readonly string[] {
  if (runPath !== undefined || download === undefined) return []
  const command = `${download} && ${commandPrefix} view`
  return [commandItem({ purpose: 'look at it', remark: 'free', command })]
}
