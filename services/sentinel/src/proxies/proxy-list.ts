import type { Proxy } from './proxy'
import { InvalidProxyLink, parseProxyLink } from './proxy-link'

/**
 * Reads several links; each is one proxy.
 * @throws InvalidProxyLink with the place of the first that is wrong
 */
export function parseProxyLinks(links: readonly string[]): Proxy[] {
  return links.map((link, index) => {
    try {
      return parseProxyLink(link)
    } catch (error) {
      if (!(error instanceof InvalidProxyLink)) throw error
      const which = links.length === 1 ? 'The proxy' : `Proxy ${index + 1} of ${links.length}`
      throw new InvalidProxyLink(`${which} ${error.message}.`)
    }
  })
}

/** As `TG_PROXY` has them: parted by blanks. */
export function linksIn(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}
