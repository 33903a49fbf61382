import { useEffect, useRef, useState } from 'preact/hooks'

export type Route =
  'alerts' | 'profiles' | 'deliveries' | 'digests' | 'search' | 'chats' | 'coverage' | 'session' | 'security'

export const ROUTES: [Route, string][] = [
  ['alerts', 'Alerts'],
  ['profiles', 'Profiles'],
  ['deliveries', 'Deliveries'],
  ['digests', 'Digests'],
  ['search', 'Search'],
  ['chats', 'Chats'],
  ['coverage', 'Coverage'],
  ['session', 'Session'],
  ['security', 'Security'],
]

/** Which view the address names; the browser's back and forward work. */
export function useRoute(): Route {
  return useHash(routeOf)
}

/** What the address names within a view, as in `#/chats/-1001234567890`; empty for the view itself. */
export function useDetail(): string {
  return useHash(() => location.hash.split('/')[2] ?? '')
}

/** Of the link of a notification that the address is; empty where it is another. */
export function useAnswerToken(): string {
  return useHash(() => /^#\/answers\/([\w-]+)$/.exec(location.hash)?.[1] ?? '')
}

export function addressOf(route: Route, detail = ''): string {
  return detail ? `#/${route}/${detail}` : `#/${route}`
}

export function goTo(route: Route): void {
  location.hash = addressOf(route)
}

/** Goes on to another view, unless its owner has left this one already. */
export function goOn(from: Route, to: Route): void {
  if (routeOf() === from) goTo(to)
}

/** Goes to an address; where that is the present one, whoever shows it is told all the same, as `useArrival` hears. */
export function followTo(address: string): void {
  if (location.hash === address) dispatchEvent(new HashChangeEvent('hashchange'))
  else location.hash = address
}

/** Calls `welcome` when somebody goes to an address that is shown already. */
export function useArrival(address: string, welcome: () => void): void {
  const latest = useRef(welcome)
  latest.current = welcome
  useEffect(() => {
    const hear = () => location.hash === address && latest.current()
    addEventListener('hashchange', hear)
    return () => removeEventListener('hashchange', hear)
  }, [address])
}

function useHash<T extends string>(read: () => T): T {
  const [value, setValue] = useState(read)
  useEffect(() => {
    const follow = () => setValue(read)
    addEventListener('hashchange', follow)
    // It may have changed before anybody listened.
    follow()
    return () => removeEventListener('hashchange', follow)
  }, [])
  return value
}

function routeOf(): Route {
  const name = location.hash.split('/')[1]
  return ROUTES.find(([route]) => route === name)?.[0] ?? 'alerts'
}
