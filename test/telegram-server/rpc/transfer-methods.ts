import { randomBytes } from 'node:crypto'
import type { World } from '../world/world'
import type { Method, OpenMethod } from './dispatcher'
import { RpcError } from './rpc-error'
import { authorize } from './sign-in-methods'

interface Ticket {
  account: number
  dc: number
}

/** Takes an authorization from one data centre to another, where files may lie. A ticket is good for one use. */
export class Transfers {
  private readonly tickets = new Map<string, Ticket>()

  constructor(
    private readonly world: World,
    private readonly dcs: number[],
  ) {}

  readonly methods: Record<string, Method> = {
    'auth.exportAuthorization': (query, { account, session }) => {
      const dc = query['dc_id'] as number
      if (!this.dcs.includes(dc) || dc === session.key.dc) throw new RpcError(400, 'DC_ID_INVALID')
      const bytes = randomBytes(64)
      this.tickets.set(bytes.toString('hex'), { account: account.user.id, dc })
      return { _: 'auth.exportedAuthorization', id: account.user.id, bytes }
    },
  }

  readonly openMethods: Record<string, OpenMethod> = {
    'auth.importAuthorization': (query, { key }) => {
      const name = (query['bytes'] as Buffer).toString('hex')
      const ticket = this.tickets.get(name)
      if (!ticket || ticket.dc !== key.dc) throw new RpcError(400, 'AUTH_BYTES_INVALID')
      if (BigInt(ticket.account) !== query['id']) throw new RpcError(400, 'USER_ID_INVALID')
      this.tickets.delete(name)
      return authorize(key, this.world.accountOf(ticket.account))
    },
  }
}
