import { Ago } from '../clock'
import { score } from '../format'
import { Marked } from '../marked'
import type { PreviewExample } from '../model'
import { Reasons, spansOf } from '../reasons'

/** Messages that a profile finds, with the reasons why. */
export function Examples({ examples }: { examples: readonly PreviewExample[] }) {
  return (
    <ol class="hits">
      {examples.map(({ chat, message_id: id, posted_at: at, text, score: sum, reasons }) => (
        <li key={`${chat.id}/${id}`}>
          <p class="hint">
            <bdi>{chat.title}</bdi>, <Ago at={at} />, score {score(sum)}
          </p>
          <p class="hit-text" dir="auto">
            <Marked text={text} spans={spansOf(reasons)} />
          </p>
          <Reasons reasons={reasons} />
        </li>
      ))}
    </ol>
  )
}
