import { ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { ProxyOffice } from '../proxies/office'

type Served = Pick<operations, 'getProxies' | 'putProxies' | 'removeProxies' | 'testProxies'>

export function proxyHandlers(office: ProxyOffice): Handlers<Served> {
  return {
    getProxies: () => ok(office.view),
    putProxies: async ({ body }) => ok(await office.replace(body.links), 'Proxies stored'),
    removeProxies: async () => ok(await office.remove(), 'Proxies removed'),
    testProxies: async ({ body, signal }) => ok({ tests: await office.test(body.links, signal) }),
  }
}
