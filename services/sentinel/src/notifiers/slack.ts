import { piecesOf } from '../addresses'
import type { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import { shortenedStyled, type StyledText } from '../styled-text'
import type { Notifier, Outcome, Told } from './notifier'
import { gone, post, REFUSES_CONTENT } from './posting'
import { plainText, segmentsOf } from './writing'

const MAX_TEXT = 3000

/**
 * An incoming webhook of Slack, or of what speaks like it. Blocks say apart from the text what of it stands out, so that nothing in
 * it is markup; who knows no blocks shows the plain text.
 */
export class SlackNotifier implements Notifier {
  constructor(
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
  ) {}

  send({ body }: Told, signal: AbortSignal): Promise<Outcome> {
    const short = shortenedStyled(body, MAX_TEXT)
    const elements = [{ type: 'rich_text_section', elements: elementsOf(short) }]
    const request = {
      method: 'POST' as const,
      url: this.secrets.url ?? '',
      body: {
        text: plainText(short).replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one] as string),
        blocks: [{ type: 'rich_text', elements }],
        unfurl_links: false,
        unfurl_media: false,
      },
    }
    return post(this.outgoing, request, signal, { ...REFUSES_CONTENT, 404: () => gone(404) })
  }
}

function elementsOf(styled: StyledText): object[] {
  return segmentsOf(styled).flatMap(({ part, active }) => {
    const style = Object.fromEntries(active.filter(({ kind }) => kind !== 'link').map(({ kind }) => [kind, true]))
    const link = active.find(({ kind }) => kind === 'link')?.url
    const shown = (text: string) => ({ text, ...(Object.keys(style).length > 0 && { style }) })
    if (link !== undefined) return [{ type: 'link', url: link, ...shown(part) }]
    // Addresses are links only where they are said to be.
    return piecesOf(part).map(({ text, isAddress }) =>
      isAddress ? { type: 'link', url: text, ...shown(text) } : { type: 'text', ...shown(text) },
    )
  })
}
