/** Whether this browser can be told, and if not, why. */
export type Support = 'ready' | 'insecure' | 'home_screen' | 'unsupported' | 'denied'

export interface BrowserFacts {
  /** https, or a loopback address. */
  isSecure: boolean
  hasPush: boolean
  isAppleMobile: boolean
  permission: 'default' | 'denied' | 'granted'
}

/** In the order in which it can be mended. */
export function supportOf({ isSecure, hasPush, isAppleMobile, permission }: BrowserFacts): Support {
  if (!isSecure) return 'insecure'
  if (!hasPush) return isAppleMobile ? 'home_screen' : 'unsupported'
  return permission === 'denied' ? 'denied' : 'ready'
}

export const SENTENCES: Record<Exclude<Support, 'ready'>, string> = {
  insecure:
    'Browsers notify only of pages that come by https, or from this very machine. Open the page at an https address, or as http://127.0.0.1.',
  home_screen:
    'On an iPhone or iPad, add this page to the Home Screen first (Share, Add to Home Screen), and open it there.',
  unsupported: 'This browser knows no notifications by push. A private window does not, either; try another browser.',
  denied:
    'Notifications of this page are blocked in this browser. Allow them in its settings for this address, then reload the page.',
}
