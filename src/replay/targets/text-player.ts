import type { OutsidePlayer } from '../outside-agent.ts'
import type { OutsideSession } from '../start-outside-trial.ts'
import type { AgentProcess } from './agent-process.ts'
import type { AgentProgram } from './jsonl-player.ts'

/** A longer reply is nobody's. */
const maxReply = 1024 * 1024
const tooLong = `it printed more than ${maxReply} characters`

/**
 * Leads a program that knows nothing of us: the user's words on stdin, the reply on stdout, one process
 * a turn. The whole task stands in its environment; it calls tools through MCP.
 */
export function textPlayer(
  session: OutsideSession,
  { processes, start }: AgentProgram,
): OutsidePlayer {
  let current: AgentProcess | undefined
  return {
    takeTurn(task) {
      const started = start(task)
      current = started
      let output = ''
      started.child.onStdout((text) => {
        if (output.length > maxReply) return
        output += text.slice(0, maxReply + 1)
        // It may go on for ever.
        if (output.length > maxReply && current === started) session.fail(tooLong)
      })
      void started.child.ended.then((end) => {
        if (current !== started) return
        current = undefined
        const said = started.describe(end)
        if (end.error !== undefined) session.end({ termination: 'harness_error', message: said })
        else if (end.code !== 0) session.fail(said)
        else tellReply(session, output, said)
      })
      started.child.write(task.conversation.at(-1)?.text ?? '')
      started.child.closeInput()
      return Promise.resolve()
    },
    leave() {
      if (current !== undefined) processes.stop(current)
      current = undefined
    },
  }
}

function tellReply(session: OutsideSession, output: string, said: string): void {
  const reply = output.trim()
  if (output.length > maxReply) session.fail(tooLong)
  else if (reply === '') session.fail(`${said}; it had printed nothing`)
  else session.reply(reply)
}
