import type { Delivery } from '../world/model'
import type { PostedMessage } from './control'

export function postedMessages(deliveries: Delivery[]): PostedMessage[] {
  return deliveries.map(({ account, message, pts }) => ({ account: account.user.id, messageId: message.id, pts }))
}
