import type { DestinationKind } from '../model'

/** A part of a target, or a secret, as it is typed. */
export interface KindField {
  name: string
  label: string
  hint?: string
  isOptional?: boolean
  isNumber?: boolean
  isBoolean?: boolean
  isSecret?: boolean
  /** What may be chosen, the first by default. */
  choices?: Record<string, string>
}

export interface KindFacts {
  label: string
  hint: string
  fields: readonly KindField[]
}

const SERVER: KindField = { name: 'server', label: 'Server', hint: 'As in https://push.example.org' }
const TOKEN: KindField = { name: 'token', label: 'Token', isSecret: true }
const PRIVATE = 'An address of your own network has to be named in DELIVERY_ALLOW, in the settings of the sentinel.'

/** Every kind of destination, in the order in which they are offered. */
export const KINDS: Record<DestinationKind, KindFacts> = {
  saved_messages: { label: 'Saved Messages', hint: 'In Telegram, to yourself.', fields: [] },
  chat: {
    label: 'A chat or topic of Telegram',
    hint: 'In your name. TG_SEND_ALLOW has to name the chat.',
    fields: [
      { name: 'chat', label: 'Chat', hint: '@name or id' },
      { name: 'topic_id', label: 'Topic', hint: 'Id of a topic of a forum', isOptional: true, isNumber: true },
    ],
  },
  bot: {
    label: 'The bot',
    hint: 'The bot of TG_BOT_TOKEN. Start it in the chat first.',
    fields: [{ name: 'chat_id', label: 'Chat id', hint: 'None: the first of TG_BOT_ADMINS', isOptional: true }],
  },
  webhook: {
    label: 'Webhook',
    hint: `Signed as Standard Webhooks says. ${PRIVATE}`,
    fields: [
      { name: 'url', label: 'Address' },
      {
        name: 'signing_secret',
        label: 'Signing secret',
        hint: 'whsec_…; one is made where there is none',
        isSecret: true,
        isOptional: true,
      },
    ],
  },
  ntfy: {
    label: 'ntfy',
    hint: PRIVATE,
    fields: [
      { ...SERVER, hint: 'None: https://ntfy.sh', isOptional: true },
      { name: 'topic', label: 'Topic' },
      { name: 'priority', label: 'Priority', hint: '1 to 5', isOptional: true, isNumber: true },
      { ...TOKEN, isOptional: true },
    ],
  },
  gotify: {
    label: 'Gotify',
    hint: PRIVATE,
    fields: [
      SERVER,
      { ...TOKEN, label: "Application's token" },
      { name: 'priority', label: 'Priority', hint: '0 to 10', isOptional: true, isNumber: true },
    ],
  },
  email: {
    label: 'E-mail',
    hint: `By a mail server of yours. ${PRIVATE}`,
    fields: [
      { name: 'host', label: 'Server', hint: 'As in mail.example.org' },
      {
        name: 'security',
        label: 'Encryption',
        choices: { tls: 'TLS', starttls: 'STARTTLS', none: 'None: only within your own network' },
      },
      { name: 'port', label: 'Port', hint: 'None: the usual one', isOptional: true, isNumber: true },
      { name: 'username', label: 'Username', isOptional: true },
      { name: 'password', label: 'Password', isSecret: true, isOptional: true },
      { name: 'from', label: 'From' },
      { name: 'to', label: 'To', hint: 'Several with commas between' },
    ],
  },
  discord: {
    label: 'Discord',
    hint: "The channel's settings give out the address of a webhook.",
    fields: [{ name: 'url', label: 'Address of the webhook', isSecret: true }],
  },
  slack: {
    label: 'Slack',
    hint: 'An incoming webhook, of Slack or of what speaks like it.',
    fields: [{ name: 'url', label: 'Address of the webhook', isSecret: true }],
  },
  matrix: {
    label: 'Matrix',
    hint: PRIVATE,
    fields: [
      SERVER,
      { name: 'room', label: 'Room', hint: 'Its id, as in !abc:example.org' },
      { ...TOKEN, label: 'Access token' },
    ],
  },
  apprise: {
    label: 'Apprise',
    hint: `An Apprise API server. ${PRIVATE}`,
    fields: [
      SERVER,
      { name: 'key', label: 'Key', hint: 'Of a configuration that it keeps', isOptional: true },
      { name: 'tag', label: 'Tag', isOptional: true },
      { name: 'urls', label: 'Addresses', hint: 'Where it keeps none', isSecret: true, isOptional: true },
    ],
  },
  web_push: {
    label: 'Notifications of a browser',
    hint: 'By the push service of the browser, which cannot read them; who sees the screen can. Of an alert the shorter form names the profile.',
    fields: [
      {
        name: 'discreet',
        label: 'What they show',
        choices: { false: 'What was said, and where', true: 'Only that something is new' },
        isBoolean: true,
      },
    ],
  },
}

export const KIND_NAMES = Object.keys(KINDS) as DestinationKind[]

/** What a destination can be made by typing. A browser subscribes itself, and stays one: what it is told by is of no use to others. */
export const TYPED_KINDS = KIND_NAMES.filter((kind) => kind !== 'web_push')
