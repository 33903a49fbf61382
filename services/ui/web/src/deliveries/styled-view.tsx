import type { ComponentChild } from 'preact'
import type { TemplatePreview } from '../model'

type Mark = TemplatePreview['marks'][number]

/** A text as it is sent: what stands out stands out here, and nothing in it is markup. */
export function StyledView({ text, marks }: Pick<TemplatePreview, 'text' | 'marks'>) {
  const edges = new Set([0, text.length, ...marks.flatMap(({ offset, length }) => [offset, offset + length])])
  const sorted = [...edges].sort((a, b) => a - b)
  return (
    <>
      {sorted.slice(1).map((end, index) => {
        const start = sorted[index] ?? 0
        const active = marks.filter(({ offset, length }) => offset <= start && offset + length >= end)
        return active.reduceRight<ComponentChild>((inner, mark) => around(mark, inner), text.slice(start, end))
      })}
    </>
  )
}

/** A link is shown, not followed: it is only a preview. */
function around({ kind, url }: Mark, inner: ComponentChild): ComponentChild {
  switch (kind) {
    case 'bold':
      return <b>{inner}</b>
    case 'italic':
      return <i>{inner}</i>
    case 'code':
      return <code>{inner}</code>
    case 'link':
      return <u title={url}>{inner}</u>
    default:
      return kind satisfies never
  }
}
