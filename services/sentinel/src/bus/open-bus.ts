import type { Closers } from '@tgsentinel/kernel/lifecycle'
import type { Logger } from '@tgsentinel/kernel/log'
import type { RedisAddress } from '../config'
import type { Bus } from './bus'
import { MemoryBus } from './memory'

/** Redis where there is one, else this process's own. */
export async function openBus(redis: RedisAddress | undefined, log: Logger, closers: Closers): Promise<Bus> {
  const bus = redis ? await redisBus(redis, log) : new MemoryBus()
  closers.add('bus', () => bus.close())
  return bus
}

/** Loaded where it is used: most run without. */
async function redisBus(address: RedisAddress, log: Logger): Promise<Bus> {
  const { RedisBus } = await import('./redis')
  return new RedisBus(address, log.child({ part: 'redis' }))
}
