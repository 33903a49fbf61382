import { Liquid } from 'liquidjs'
import { failure } from '../model'
import type { TemplateText } from '../store/templates'
import { escaped, styledText, withoutControls, type StyledText } from '../styled-text'
import { oneLine, shortened } from '../wording'

/** A template may take so long, and so much: it runs between everything else. */
const RENDER_MS = 50
const MEMORY = 2_000_000
const MAX_TITLE = 300
const MAX_BODY = 20_000
/** They read files, of which there are none, or let a value be markup. */
const WITHOUT_TAGS = ['include', 'render', 'layout', 'block']
const WITHOUT_FILTERS = ['raw']

export interface Rendered {
  title: string
  body: StyledText
}

/** Renders templates: Liquid, whose values never are markup, within bounds of time and memory. Pure but for the clock that bounds it. */
export class TemplateEngine {
  private readonly liquid = new Liquid({
    outputEscape: (value) => escaped(textOf(value)),
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: 50_000,
    renderLimit: RENDER_MS,
    memoryLimit: MEMORY,
  })

  constructor() {
    for (const name of WITHOUT_TAGS) delete this.liquid.tags[name]
    for (const name of WITHOUT_FILTERS) delete this.liquid.filters[name]
    this.liquid.registerFilter('shorten', (value: unknown, max: unknown) => atMost(textOf(value), Number(max)))
  }

  /** @throws ApiError INVALID_TEMPLATE with what is wrong and where */
  render({ title, body }: TemplateText, variables: object): Rendered {
    return {
      title: oneLine(this.part('title', title, variables).text).slice(0, MAX_TITLE),
      body: this.part('body', body, variables),
    }
  }

  private part(name: keyof TemplateText, source: string, variables: object): StyledText {
    try {
      const markup = String(this.liquid.parseAndRenderSync(source, variables))
      return styledText(withoutControls(markup.slice(0, MAX_BODY)))
    } catch (error) {
      const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
      throw failure('INVALID_TEMPLATE', `The ${name} of the template cannot be used: ${what}.`, error)
    }
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Where no number is said the text stays as it is. */
function atMost(text: string, max: number): string {
  return Number.isInteger(max) && max > 0 ? shortened(text, max) : text
}
