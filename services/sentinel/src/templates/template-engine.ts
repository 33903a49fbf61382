import { Liquid, type Template } from 'liquidjs'
import { cutTo } from '../cutting'
import { failure } from '../model'
import type { TemplateText } from '../store/templates'
import { escaped, shortenedStyled, styledText, withoutControls, type StyledText } from '../styled-text'
import { cutToPoints } from '../cutting'
import { oneLine } from '../wording'
import type { AlertVariables } from './alert-variables'
import { unknownVariable } from './unknown-variable'

/** A template may take so long, and so much. Liquid looks at the clock between its parts alone: who renders another's has a deadline, too. */
const RENDER_MS = 1000
const MEMORY = 1_000_000
/** Tags and outputs. */
const MAX_PARTS = 1000
const MAX_TITLE = 300
const MAX_BODY = 20_000
/** In which each character may be an entity, and have tags beside it. */
const MAX_MARKUP = 10 * MAX_BODY
const MAX_MARKS = 500
/** They read files, of which there are none, or let a value be markup. */
const WITHOUT_TAGS = ['include', 'render', 'layout', 'block']
/** They let a value be markup, or run an expression for each member, which no limit of Liquid's counts. */
const WITHOUT_FILTERS = ['raw', 'where_exp', 'reject_exp', 'group_by_exp', 'has_exp', 'find_exp', 'find_index_exp']

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
  render({ title, body }: TemplateText, variables: AlertVariables): Rendered {
    return {
      title: cutTo(oneLine(this.part('title', title, variables).text), MAX_TITLE),
      body: this.part('body', body, variables),
    }
  }

  /** A template that is about to be kept: what it names has to be there. @throws ApiError INVALID_TEMPLATE */
  check({ title, body }: TemplateText): void {
    for (const [name, source] of [['title', title] as const, ['body', body] as const]) {
      const unknown = unknownVariable(this.liquid, source, this.parsed(name, source))
      if (!unknown) continue
      const hint = unknown.nearest === null ? '' : ` Did you mean “${unknown.nearest}”?`
      throw failure('INVALID_TEMPLATE', `The ${name} of the template knows no “${unknown.name}”.${hint}`)
    }
  }

  private part(name: keyof TemplateText, source: string, variables: AlertVariables): StyledText {
    const parsed = this.parsed(name, source)
    const markup = refusing(name, () => String(this.liquid.renderSync(parsed, variables)))
    const { text, marks } = styledText(withoutControls(markup.slice(0, MAX_MARKUP)))
    return shortenedStyled({ text, marks: marks.slice(0, MAX_MARKS) }, MAX_BODY)
  }

  private parsed(name: keyof TemplateText, source: string): Template[] {
    return refusing(name, () => {
      if ((source.match(/\{[{%]/g)?.length ?? 0) > MAX_PARTS) throw new Error(`it has more than ${MAX_PARTS} parts`)
      return this.liquid.parse(source)
    })
  }
}

function refusing<T>(name: keyof TemplateText, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw failure('INVALID_TEMPLATE', `The ${name} of the template cannot be used: ${reasonOf(what)}.`, error)
  }
}

/** Liquid's limits in words of ours. */
function reasonOf(what: string): string {
  if (what.includes('render limit')) return 'it takes too long, beyond the limit'
  if (what.includes('memory alloc limit')) return 'it makes too much of little, beyond the limit'
  return what
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Where no number is said the text stays as it is. */
function atMost(text: string, max: number): string {
  return Number.isInteger(max) && max > 0 ? cutToPoints(text, max) : text
}
