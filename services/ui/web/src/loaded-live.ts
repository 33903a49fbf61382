import type { Live, LiveEvents } from './live'
import { useLoaded } from './loaded'
import { useNews } from './news'

/** What the ui answers at `path`, asked again at each of these events that `isMine`, and whenever one may have been missed. */
export function useLoadedLive<T, E extends keyof LiveEvents = keyof LiveEvents>(
  live: Live,
  path: string,
  events: readonly E[],
  isMine?: (data: LiveEvents[E]) => boolean,
) {
  const loaded = useLoaded<T>(path)
  useNews(live, events, loaded.reload, isMine)
  return loaded
}
