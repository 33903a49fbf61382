import { isoMoment } from '@tgsentinel/kernel/time'
import { beginningOf } from '../cutting'
import { failure, type Alert, type Template, type TemplateDraft, type TemplatePreview } from '../model'
import type { Store } from '../store/store'
import type { StoredTemplate, TemplateText } from '../store/templates'
import { SAMPLE_ALERT, variablesOf } from './alert-variables'
import type { Render } from './protocol'
import { TemplateEngine, type Rendered } from './template-engine'

/** What is used where no template is chosen. */
export const BUILT_IN: TemplateText = {
  title: '{{ profiles | map: "name" | join: ", " }}: {{ where }}',
  body: `<b>[{{ score }}] {{ profiles | map: "name" | join: ", " }}</b> · {{ where | shorten: 120 }}
{{ text | shorten: 1200 }}
<i>Why: {{ why | shorten: 300 }}</i>
{% if link %}{{ link }}{% endif %}`,
}

const MAX_TEMPLATES = 200

export interface TemplatesOptions {
  store: Store
  now: () => number
  /** Of templates that people wrote. */
  render: Render
  /** The list changed. */
  onChange: () => void
}

/** The owner's templates. None is kept that cannot be rendered. */
export class Templates {
  /** For the template that is built in. */
  private readonly engine = new TemplateEngine()

  constructor(private readonly options: TemplatesOptions) {}

  list(): Template[] {
    return this.options.store.templates.list().map(viewOf)
  }

  /** @throws ApiError NOT_FOUND */
  get(id: number): Template {
    return viewOf(this.find(id))
  }

  /** @throws ApiError INVALID_TEMPLATE, CONFLICT */
  async create(draft: TemplateDraft): Promise<Template> {
    this.requireRoom(1)
    await this.check(draft)
    this.requireRoom(1)
    return this.get(this.change(() => this.add(draft, draft.name.trim())))
  }

  /** `requireRevision` refuses a change to another revision. @throws ApiError NOT_FOUND, INVALID_TEMPLATE, CONFLICT */
  async replace(id: number, draft: TemplateDraft, requireRevision: (template: Template) => void): Promise<Template> {
    requireRevision(this.get(id))
    await this.check(draft)
    // It may have been changed meanwhile.
    requireRevision(this.get(id))
    const { store, now } = this.options
    this.change(() => store.templates.replace(id, draft.name.trim(), draft, now()))
    return this.get(id)
  }

  /** @throws ApiError NOT_FOUND */
  delete(id: number, requireRevision: (template: Template) => void): void {
    requireRevision(this.get(id))
    this.change(() => this.options.store.templates.delete(id))
  }

  /** All of them or none; a name that is taken gets a number. @throws ApiError INVALID_TEMPLATE, CONFLICT */
  async import(drafts: readonly TemplateDraft[]): Promise<Template[]> {
    this.requireRoom(drafts.length)
    for (const draft of drafts) await this.check(draft)
    this.requireRoom(drafts.length)
    this.change(() => {
      const taken = new Set(this.list().map(({ name }) => name))
      for (const draft of drafts) {
        const name = freeName(draft.name.trim(), taken)
        taken.add(name)
        this.add(draft, name)
      }
    })
    return this.list()
  }

  /** Several, made or replaced as they stand in a file: all of them or none. They were checked. @throws ApiError CONFLICT, NOT_FOUND */
  takeOver(entries: readonly { present: Template | null; draft: TemplateDraft }[]): void {
    if (entries.length === 0) return
    this.requireRoom(entries.filter(({ present }) => !present).length)
    const { store, now } = this.options
    this.change(() => {
      for (const { present, draft } of entries) {
        const { title, body } = draft
        const name = draft.name.trim()
        if (!present) store.templates.add(name, { title, body }, now())
        else {
          requireSame(this.find(present.id), present)
          store.templates.replace(present.id, name, { title, body }, now())
        }
      }
    })
  }

  /** Of an alert, or of the newest one. @throws ApiError INVALID_TEMPLATE, NOT_FOUND */
  async preview(template: TemplateText, alertId: number | undefined): Promise<TemplatePreview> {
    const { alert, isSample } = this.exampleFor(alertId)
    const { title, body } = await this.tryOut(template, alert)
    return { title, text: body.text, marks: [...body.marks], is_sample: isSample }
  }

  /** The newest alert, or an invented one. @throws ApiError NOT_FOUND */
  exampleFor(alertId: number | undefined): { alert: Alert; isSample: boolean } {
    const { alerts } = this.options.store
    const alert = alertId === undefined ? alerts.list({ limit: 1 })[0] : alerts.find(alertId)
    if (alertId !== undefined && !alert) throw failure('NOT_FOUND', `There is no alert ${alertId}.`)
    return alert ? { alert, isSample: false } : { alert: SAMPLE_ALERT, isSample: true }
  }

  /** @throws ApiError INVALID_TEMPLATE, also where this alert alone takes too long */
  render(template: TemplateText, alert: Alert): Promise<Rendered> {
    return this.rendered(template, alert, false)
  }

  /** The same, of one that is looked at as closely as if it were to be kept. @throws ApiError INVALID_TEMPLATE */
  tryOut(template: TemplateText, alert: Alert): Promise<Rendered> {
    return this.rendered(template, alert, true)
  }

  /** One that is built in cannot take long, and keeps working whatever else does not. */
  private async rendered(template: TemplateText, alert: Alert, isNew: boolean): Promise<Rendered> {
    const variables = variablesOf(alert)
    if (template === BUILT_IN) return this.engine.render(template, variables)
    return this.options.render({ template, variables, isNew })
  }

  /** What a destination chose; the built-in one where that is gone. */
  chosen(id: number | null): TemplateText {
    return (id === null ? undefined : this.options.store.templates.find(id)) ?? BUILT_IN
  }

  /** @throws ApiError NOT_FOUND */
  private find(id: number): StoredTemplate {
    const found = this.options.store.templates.find(id)
    if (!found) throw failure('NOT_FOUND', `There is no template ${id}.`)
    return found
  }

  private add(draft: TemplateDraft, name: string): number {
    const { title, body } = draft
    return this.options.store.templates.add(name, { title, body }, this.options.now())
  }

  /** @throws ApiError INVALID_TEMPLATE */
  async check({ title, body: source }: TemplateText): Promise<void> {
    const { body } = await this.rendered({ title, body: source }, SAMPLE_ALERT, true)
    if (body.text === '')
      throw failure('INVALID_TEMPLATE', 'The template says nothing about an alert. Add {{ text }}, say.')
  }

  /** @throws ApiError CONFLICT */
  requireRoom(more: number): void {
    if (this.options.store.templates.list().length + more > MAX_TEMPLATES)
      throw failure('CONFLICT', `There is room for ${MAX_TEMPLATES} templates. Delete some first.`)
  }

  private change<T>(write: () => T): T {
    const result = this.options.store.transaction(write)
    this.options.store.afterCommit(() => this.options.onChange())
    return result
  }
}

/** @throws ApiError REVISION_CHANGED */
function requireSame(present: { revision: number }, known: { revision: number }): void {
  if (present.revision !== known.revision) throw failure('REVISION_CHANGED', 'A template was changed meanwhile.')
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${beginningOf(name, 90)} ${number}`
    if (!taken.has(candidate)) return candidate
  }
}

function viewOf({ createdAtMs, updatedAtMs, ...template }: StoredTemplate): Template {
  return { ...template, created_at: isoMoment(createdAtMs), updated_at: isoMoment(updatedAtMs) }
}
