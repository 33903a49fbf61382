import type { RequestHandler } from 'express'
import type { Page } from '../page/page'

/** The page, for what no route of the API took. */
export function pageRoute(page: Page): RequestHandler {
  return (request, response, next) => (page.serve(request, response) ? undefined : next())
}
