import { ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Maintenance } from '../keeping/maintenance'
import type { Retention } from '../keeping/retention'

type Served = Pick<operations, 'getRetention' | 'putRetention' | 'startSweep' | 'getMaintenance' | 'startVacuum'>

export function keepingHandlers(retention: Retention, maintenance: Maintenance): Handlers<Served> {
  return {
    getRetention: async () => ok(await retention.read()),
    putRetention: async ({ body }) => ok(await retention.set(body), 'Rules of retention set'),
    startSweep: () => ok(retention.sweep(), 'Sweep under way'),
    getMaintenance: () => ok(maintenance.view),
    startVacuum: () => ok(maintenance.vacuum(), 'Vacuum under way'),
  }
}
