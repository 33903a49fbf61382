import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import type { MessageContext, Router } from './bot-api'
import { helpText, type Command, type CommandTable } from './commands'
import type { Outbox } from './outbox'
import { answerPress, type PressOptions } from './presses'
import type { Strangers } from './strangers'

export interface RouteOptions extends PressOptions {
  commands: CommandTable
  strangers: Strangers
  outbox: Outbox
}

const REFUSAL = 'Sorry, this is a private bot: it answers its owner alone.'

/** Who is answered what: admins by their commands, strangers by one refusal a day, and in groups nobody but admins. */
export function addRoutes(router: Router, options: RouteOptions): void {
  const { commands, admins, strangers, outbox } = options
  router.on('callback_query:data', (context) => answerPress(context, options))
  router.on('message', (context, next) => {
    if (admins.has(context.from.id)) return next()
    if (isPrivate(context) && strangers.mayTell(context.chat.id)) return outbox.reply(context.chat.id, REFUSAL)
  })
  for (const [name, command] of Object.entries(commands))
    router.command(name, (context) => answer(command, context.chat.id, context.match.trim(), options))
  router.on('message', (context) => {
    const isMeant = isPrivate(context) || addresses(context)
    return isMeant ? outbox.reply(context.chat.id, helpText(commands)) : undefined
  })
}

async function answer(command: Command, chatId: number, argument: string, options: RouteOptions): Promise<void> {
  const text = await answerTo(command, chatId, argument, options.log)
  if (text !== null) await options.outbox.reply(chatId, text)
}

async function answerTo(command: Command, chatId: number, argument: string, log: Logger): Promise<string | null> {
  try {
    return await command.answer({ chatId, argument })
  } catch (error) {
    if (error instanceof ApiError) return error.message
    log.error({ err: error, chat_id: chatId }, 'a command of the bot failed')
    return 'Something went wrong. The log of the sentinel says what.'
  }
}

function isPrivate({ chat }: MessageContext): boolean {
  return chat?.type === 'private'
}

/** A command that names this bot, as groups need it where several bots are. */
function addresses({ message, me }: MessageContext): boolean {
  const [command = ''] = (message?.text ?? '').split(/\s/)
  return command.startsWith('/') && command.toLowerCase().endsWith(`@${me.username.toLowerCase()}`)
}
