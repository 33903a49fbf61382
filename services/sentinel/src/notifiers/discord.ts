import { piecesOf } from '../addresses'
import type { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import { shortenedStyled } from '../styled-text'
import type { Notifier, Outcome, Told } from './notifier'
import { gone, post, REFUSES_CONTENT } from './posting'
import { write, type Dialect } from './writing'

/** discord.com/developers/docs/resources/webhook: 2,000 characters; half of them may become two by escaping. */
const MAX_TEXT = 1900
const MAX_CONTENT = 2000
/** What cannot be written in form at this length is written without. */
const LEAST_STYLED = 100
/** Embeds are not made of links. */
const SUPPRESS_EMBEDS = 4

const MARKDOWN: Dialect = {
  // Addresses are no text to it: a backslash within one would become a part of it.
  text: (part) =>
    piecesOf(part)
      .map(({ text, isAddress }) => (isAddress ? text : text.replace(/[\\*_~|`<>[\]()#@:-]/g, '\\$&')))
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

/** As much of the text as fits with all signs that make its form, which are never cut; where they are too many, without form. */
function contentOf(body: Told['body']): string {
  return fitting(body, LEAST_STYLED) ?? fitting({ ...body, marks: [] }, 1) ?? ''
}

function fitting(body: Told['body'], least: number): string | null {
  for (let max = MAX_TEXT; max >= least; max = Math.floor(max * 0.8)) {
    const content = write(shortenedStyled(body, max), MARKDOWN)
    if (content.length <= MAX_CONTENT) return content
  }
  return null
}
