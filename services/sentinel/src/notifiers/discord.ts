import type { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import type { Notifier, Outcome, Told } from './notifier'
import { gone, post, REFUSES_CONTENT } from './posting'
import { shortened, write, type Dialect } from './writing'

/** discord.com/developers/docs/resources/webhook: 2,000 characters; half of them may become two by escaping. */
const MAX_TEXT = 1900
const MAX_CONTENT = 2000
/** Embeds are not made of links. */
const SUPPRESS_EMBEDS = 4

const MARKDOWN: Dialect = {
  // Addresses are no text to it: a backslash within one would become a part of it.
  text: (part) =>
    part
      .split(/(https?:\/\/[^\s<>]+)/)
      .map((piece, index) => (index % 2 ? piece : piece.replace(/[\\*_~|`<>[\]()#@:-]/g, '\\$&')))
      .join(''),
  around: ({ kind, url = '' }, inner) => {
    if (kind === 'link') return `[${inner}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)`
    const sign = { bold: '**', italic: '*', code: '' }[kind]
    return inner.trim() === '' ? inner : `${sign}${inner}${sign}`
  },
}

/** A webhook of a Discord channel. Whom a text names is not rung. */
export class DiscordNotifier implements Notifier {
  constructor(
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
  ) {}

  send({ body }: Told, signal: AbortSignal): Promise<Outcome> {
    const request = {
      method: 'POST' as const,
      url: this.secrets.url ?? '',
      body: { content: contentOf(body), allowed_mentions: { parse: [] }, flags: SUPPRESS_EMBEDS },
    }
    // A webhook that was deleted is 404 there.
    return post(this.outgoing, request, signal, { ...REFUSES_CONTENT, 404: () => gone(404) })
  }
}

function contentOf(body: Told['body']): string {
  for (let max = MAX_TEXT; ; max = Math.floor(max * 0.8)) {
    const content = write(shortened(body, max), MARKDOWN)
    if (content.length <= MAX_CONTENT || max < 100) return content.slice(0, MAX_CONTENT)
  }
}
