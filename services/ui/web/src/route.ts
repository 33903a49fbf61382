import { useEffect, useState } from 'preact/hooks'

export type Route = 'alerts' | 'session' | 'security'

export const ROUTES: [Route, string][] = [
  ['alerts', 'Alerts'],
  ['session', 'Session'],
  ['security', 'Security'],
]

/** Which view the address names; the browser's back and forward work. */
export function useRoute(): Route {
  const [route, setRoute] = useState(routeOf)
  useEffect(() => {
    const follow = () => setRoute(routeOf)
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return route
}

export function goTo(route: Route): void {
  location.hash = `#/${route}`
}

/** Goes on to another view, unless its owner has left this one already. */
export function goOn(from: Route, to: Route): void {
  if (routeOf() === from) goTo(to)
}

function routeOf(): Route {
  return ROUTES.find(([route]) => location.hash === `#/${route}`)?.[0] ?? 'alerts'
}
