import { parentPort } from 'node:worker_threads'
import { ApiError } from '@tgsentinel/kernel/errors'
import type { RenderReply, RenderRequest } from './protocol'
import { TemplateEngine } from './template-engine'

// Entry of the thread that templates of people are rendered in: whatever one does, it does it here.

const engine = new TemplateEngine()
const say = (reply: RenderReply) => parentPort?.postMessage(reply)

parentPort?.on('message', (request: RenderRequest) => say(replyTo(request)))
say({ kind: 'ready' })

function replyTo({ template, variables, isNew }: RenderRequest): RenderReply {
  try {
    if (isNew) engine.check(template)
    return { kind: 'rendered', rendered: engine.render(template, variables) }
  } catch (error) {
    if (error instanceof ApiError) return { kind: 'refused', problem: error.message }
    throw error
  }
}
