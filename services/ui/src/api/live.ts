import type { Handlers } from '@tgsentinel/kernel/contract'
import type { Auth } from '../auth/auth'
import type { Live } from '../live/live'
import type { Operations } from '../model'

export function liveHandlers(live: Live, auth: Auth): Handlers<Pick<Operations, 'streamUiEvents'>> {
  return {
    streamUiEvents: (call) => {
      const { headers } = call.request
      live.checkRoom()
      const lastEventId = headers['last-event-id']
      const sessionId = auth.sessionOf(headers)
      return (response) =>
        live.serve(response, {
          lastEventId: typeof lastEventId === 'string' ? lastEventId || undefined : undefined,
          sessionId,
        })
    },
  }
}
