import type { TemplateText } from '../store/templates'
import type { AlertVariables } from './alert-variables'
import type { Rendered } from './template-engine'

/** What the thread of templates is asked. `isNew`: about to be kept, so that what it names is looked at, too. */
export interface RenderRequest {
  template: TemplateText
  variables: AlertVariables
  isNew: boolean
}

/** What it says: that it is there, and then one answer a request. */
export type RenderReply =
  { kind: 'ready' } | { kind: 'rendered'; rendered: Rendered } | { kind: 'refused'; problem: string }

/** @throws ApiError INVALID_TEMPLATE, also where it takes too long; UNAVAILABLE where nothing can be rendered */
export type Render = (request: RenderRequest) => Promise<Rendered>
