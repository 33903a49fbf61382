import type { BrowserFacts } from './support'

export function factsOfBrowser(): BrowserFacts {
  const hasPush = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
  return {
    isSecure: window.isSecureContext,
    hasPush,
    // iPads say that they are Macs; no Mac has a touch screen.
    isAppleMobile:
      /iPhone|iPad/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1),
    permission: hasPush ? Notification.permission : 'default',
  }
}
