import type { Pusher } from '../pusher'
import { Changes } from '../world/changes'
import { migrateGroup } from '../world/migration'
import type { ChangeDelivery, Delivery } from '../world/model'
import { createTopic, renameTopic } from '../world/topics'
import type { World } from '../world/world'
import type { ChangedBox, ChangeOperations, Telling } from './change-operations'
import { postedMessages } from './posted-messages'

export function changeControl(world: World, pusher: Pusher): ChangeOperations {
  const changes = new Changes(world)
  const tell = (deliveries: (Delivery | ChangeDelivery)[], { push = 'updates', withSeq = false }: Telling) =>
    pusher.push(deliveries, push, { withSeq })
  const changed = (deliveries: ChangeDelivery[], telling: Telling): ChangedBox[] => {
    tell(deliveries, telling)
    return deliveries.map(({ account, pts }) => ({ account: account.user.id, pts }))
  }
  return {
    editMessage: async (options) => changed(changes.edit(options), options),
    setReactions: async (options) => changed(changes.setReactions(options), options),
    setCounts: async (options) => changed(changes.setCounts(options), options),
    deleteMessages: async (options) => changed(changes.delete(options), options),
    pinMessages: async (options) => changed(changes.pin(options), options),
    votePoll: async (options) => changed(changes.votePoll(options), options),
    async createTopic(options) {
      const { topic, deliveries } = createTopic(world, options)
      tell(deliveries, options)
      return { topic }
    },
    async renameTopic(options) {
      const deliveries = renameTopic(world, options)
      tell(deliveries, options)
      return postedMessages(deliveries)
    },
    async migrateGroup({ chat: group, ...telling }) {
      const { chat, deliveries } = migrateGroup(world, group)
      tell(deliveries, telling)
      return { chat }
    },
  }
}
