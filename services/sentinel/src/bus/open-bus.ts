import type { Logger } from '@tgsentinel/kernel/log'
import type { RedisAddress } from '../config'
import type { Bus } from './bus'
import { MemoryBus } from './memory'

/** Redis where there is one, else this process's own. */
export async function openBus(redis: RedisAddress | undefined, log: Logger): Promise<Bus> {
  if (!redis) return new MemoryBus()
  // Loaded where it is used: most run without.
  const { RedisBus } = await import('./redis')
  return new RedisBus(redis, log.child({ part: 'redis' }))
}
