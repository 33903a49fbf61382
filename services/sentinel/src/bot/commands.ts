import type { Alerts } from '../alerts'
import { alertsText } from './alert-text'
import { digestText } from './digest-text'
import type { ChatCommands } from './chat-commands'
import { missedTelling } from './pending-alerts'
import type { BotChatTable } from '../store/bot-chats'
import type { Outbox } from './outbox'
import type { Teller } from './teller'

export interface CommandRequest {
  /** Where it was written, and where the answer goes. */
  chatId: number
  /** What follows the command. */
  argument: string
}

export interface Command {
  description: string
  /** What to answer, or null where the answer is under way. @throws ApiError with a sentence */
  answer: (request: CommandRequest) => string | null | Promise<string | null>
}

export type CommandTable = Record<string, Command>

export interface CommandOptions {
  alerts: Alerts
  botChats: BotChatTable
  channels: ChatCommands
  outbox: Outbox
  teller: Teller
  statusText: () => string
  now: () => number
}

const DEFAULT_ALERTS = 5
const MAX_ALERTS = 50
const RESUME_ATTEMPTS = 5

/** What the bot understands, in the order of its help. */
export function commandTable(options: CommandOptions): CommandTable {
  const { alerts, channels, statusText, now } = options
  const table: CommandTable = {
    start: { description: 'tell this chat of new alerts', answer: ({ chatId }) => start(options, chatId) },
    help: { description: 'what I understand', answer: () => helpText(table) },
    status: { description: 'how things are', answer: statusText },
    my_channels: { description: 'which chats are watched', answer: ({ argument }) => channels.list(argument) },
    add_channel: { description: '@name: join a channel and watch it', answer: (request) => channels.add(request) },
    remove_channel: {
      description: '@name or id: watch it no longer',
      answer: ({ argument }) => channels.remove(argument),
    },
    alerts: {
      description: 'the newest alerts; /alerts 20 for so many',
      answer: ({ argument }) => newest(alerts, argument),
    },
    digest: { description: 'the best alerts of the last 24 hours', answer: () => digestText(alerts, now()) },
    pause: { description: 'hold alerts back', answer: ({ chatId }) => pause(options, chatId) },
    resume: { description: 'go on telling alerts', answer: ({ chatId }) => resume(options, chatId) },
  }
  return table
}

export function helpText(table: CommandTable): string {
  const lines = Object.entries(table).map(([name, { description }]) => `/${name}: ${description}`)
  return `I tell you of alerts of TG Sentinel.\n\n${lines.join('\n')}`
}

/** A paused chat that says /start goes on like one that says /resume. */
function start(options: CommandOptions, chatId: number): string | null | Promise<string | null> {
  const { alerts, botChats } = options
  const known = botChats.find(chatId)
  if (known?.isPaused) return resume(options, chatId)
  if (known) return 'This chat is told of new alerts already. /help says what else I understand.'
  botChats.add(chatId, alerts.list({ limit: 1 }).alerts[0]?.id ?? 0)
  return 'Hello. From now on this chat is told of new alerts. /pause holds them back, /help says what else I understand.'
}

function pause({ botChats }: CommandOptions, chatId: number): string {
  const known = botChats.find(chatId)
  if (!known) return 'This chat is not told of alerts. /start begins it.'
  if (known.isPaused) return 'Alerts are held back already. /resume goes on.'
  botChats.pause(chatId, true)
  return 'Alerts are held back for this chat. /resume goes on and says what came meanwhile.'
}

/** What was held back is told before the chat goes on: nothing is between the two. */
async function resume({ alerts, botChats, outbox, teller }: CommandOptions, chatId: number): Promise<string | null> {
  const known = botChats.find(chatId)
  if (!known) return 'This chat is not told of alerts. /start begins it.'
  if (!known.isPaused) return 'Alerts are not held back in this chat.'
  const missed = await missedTelling(alerts, known.toldUpTo)
  if (missed) await outbox.send(chatId, { text: `New alerts are told again. ${missed.text}` }, RESUME_ATTEMPTS)
  if (missed) botChats.told(chatId, missed.upTo)
  botChats.pause(chatId, false)
  teller.wake()
  return missed ? null : 'New alerts are told again. None came meanwhile.'
}

function newest(alerts: Alerts, argument: string): string {
  if (argument && !/^[1-9]\d{0,5}$/.test(argument)) return 'Say how many, such as /alerts 10.'
  const limit = Math.min(Number(argument) || DEFAULT_ALERTS, MAX_ALERTS)
  const found = alerts.list({ limit }).alerts
  if (found.length === 0) return 'There are no alerts yet.'
  return `The newest ${found.length === 1 ? 'alert' : `${found.length} alerts`}, newest first:\n\n${alertsText(found, found.length > 1 ? 'short' : 'whole')}`
}
