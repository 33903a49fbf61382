import type { TelegramClient } from './gramjs'

/** GramJS dials and greets in one go; its sender's first request is the greeting, which takes its turn with `greet`. */
export function letGreetingWait(
  client: TelegramClient,
  greet: (send: () => Promise<unknown>) => Promise<unknown>,
): void {
  let sender: TelegramClient['_sender']
  type Send = NonNullable<TelegramClient['_sender']>['send']
  Object.defineProperty(client, '_sender', {
    configurable: true,
    get: () => sender,
    set: (created: TelegramClient['_sender']) => {
      sender = created
      if (!created) return
      const send = created.send.bind(created) as (request: unknown) => Promise<unknown>
      created.send = ((request) => {
        created.send = send as Send
        return greet(() => send(request))
      }) as Send
    },
  })
}
