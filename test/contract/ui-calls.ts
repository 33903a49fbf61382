import { APP, type TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'
import { backupsByUi } from './backup-calls'
import { SAMPLE_BODIES } from './sample-bodies'
import { formWith, type Sent, type UiReply } from './ui-client'

export const PROFILE = { name: 'Routes', min_score: 1, keywords: { general: { words: ['contract'] } } }
const HOOK = { name: 'Hook', target: { kind: 'webhook', url: 'https://127.0.0.1/hook' } }
const TEMPLATE = { name: 'Short', title: '', body: '{{ text }}' }
const app = { json: { api_id: Number(APP.TG_API_ID), api_hash: APP.TG_API_HASH } }

/** What there is once the suite has begun. */
export interface World {
  telegram: TelegramStage
  profileId: number
  alertId: number
  /** Of a link that answers the alert. */
  answerToken: () => string
  /** The record of the alert's message. */
  alertedPath: string
  /** As the owner by the ui; what fails is an error. */
  take: (method: string, target: string, sent?: Sent) => Promise<UiReply['body']>
}

export type Call = [target: string, sent?: Sent]

/** A call that succeeds of each forwarded operation that does not ask Telegram; TelegramCalls has the others. */
export function forwardedCalls(world: () => World): Record<string, () => Call | Promise<Call>> {
  async function newProfile(name: string): Promise<number> {
    return Number((await world().take('POST', '/api/profiles', { json: { ...PROFILE, name } })).data['id'])
  }

  function labelled(): string {
    return world().alertedPath.replace('/api/messages/', '')
  }

  async function newLearner(): Promise<number> {
    const learning = { enabled: true }
    const id = Number(
      (await world().take('POST', '/api/profiles', { json: { ...PROFILE, name: 'By a model', learning } })).data['id'],
    )
    await until('its model', async () => {
      const { models } = (await world().take('GET', `/api/profiles/${id}/learning`)).data as { models: unknown[] }
      return models.length > 0
    })
    return id
  }

  async function newFeed(name: string): Promise<[profile: number, secret: string]> {
    const id = await newProfile(name)
    return [id, String((await world().take('PUT', `/api/profiles/${id}/feed`)).data['secret'])]
  }

  async function newBacktest(): Promise<number> {
    return Number((await world().take('POST', '/api/backtests', { json: { profile: PROFILE } })).data['id'])
  }

  async function newDestination(name: string): Promise<number> {
    return Number((await world().take('POST', '/api/destinations', { json: { ...HOOK, name } })).data['id'])
  }

  async function newDigest(name: string): Promise<number> {
    const json = {
      profile_id: await newProfile(name),
      destination_id: await newDestination(name),
      schedule: { kind: 'daily' },
    }
    return Number((await world().take('POST', '/api/digests', { json })).data['id'])
  }

  async function newTemplate(name: string): Promise<number> {
    return Number((await world().take('POST', '/api/templates', { json: { ...TEMPLATE, name } })).data['id'])
  }

  async function newDelivery(name: string): Promise<number> {
    const path = `/api/destinations/${await newDestination(name)}/test`
    return Number((await world().take('POST', path, { json: {} })).data['delivery_id'])
  }

  return {
    getStatus: () => ['/api/status'],
    importSession: async () => ['/api/session/import', formWith(await world().telegram.sessionBytes())],
    putTelegramApp: () => ['/api/telegram/app', app],
    getProxies: () => ['/api/proxies'],
    // What follows in the document removes it again.
    putProxies: () => ['/api/proxies', { json: SAMPLE_BODIES['putProxies'] }],
    removeProxies: () => ['/api/proxies'],
    testProxies: () => ['/api/proxies/test', { json: SAMPLE_BODIES['testProxies'] }],
    listProfiles: () => ['/api/profiles'],
    createProfile: () => ['/api/profiles', { json: { ...PROFILE, name: 'Another' } }],
    getProfile: () => [`/api/profiles/${world().profileId}`],
    replaceProfile: () => [`/api/profiles/${world().profileId}`, { json: { ...PROFILE, name: 'Renamed' } }],
    deleteProfile: () => [`/api/profiles/${world().profileId}`],
    listRevisions: async () => [`/api/profiles/${await newProfile('Revised')}/revisions`],
    restoreRevision: async () => [`/api/profiles/${await newProfile('Restored')}/revisions/1/restore`],
    getEmbedding: () => ['/api/embedding'],
    getLearning: async () => [`/api/profiles/${await newProfile('Learner')}/learning`],
    restoreModel: async () => [`/api/profiles/${await newLearner()}/learning/1/restore`],
    listLabels: async () => [`/api/profiles/${await newProfile('Labelled')}/labels`],
    putLabel: async () => [
      `/api/profiles/${await newProfile('Labelling')}/labels/${labelled()}`,
      { json: { relevant: true } },
    ],
    deleteLabel: async () => {
      const path = `/api/profiles/${await newProfile('Unlabelled')}/labels/${labelled()}`
      await world().take('PUT', path, { json: { relevant: true } })
      return [path]
    },
    getFeed: async () => [`/api/profiles/${(await newFeed('Told'))[0]}/feed`],
    putFeed: async () => [`/api/profiles/${(await newFeed('Told anew'))[0]}/feed`],
    deleteFeed: async () => [`/api/profiles/${(await newFeed('Told no more'))[0]}/feed`],
    readFeed: async () => [`/api/feeds/${(await newFeed('Read'))[1]}/atom`],
    listGallery: () => ['/api/gallery'],
    importProfiles: () => ['/api/profile-import', { json: { content: JSON.stringify({ profiles: [PROFILE] }) } }],
    previewProfile: () => ['/api/profile-preview', { json: PROFILE }],
    startBacktest: () => ['/api/backtests', { json: { profile: PROFILE } }],
    getBacktest: async () => [`/api/backtests/${await newBacktest()}`],
    cancelBacktest: async () => [`/api/backtests/${await newBacktest()}`],
    getDictionary: () => ['/api/dictionary'],
    putDictionary: () => ['/api/dictionary', { json: { groups: [['person', 'people']] } }],
    getPushKey: () => ['/api/push-key'],
    listDestinations: () => ['/api/destinations'],
    createDestination: () => ['/api/destinations', { json: HOOK }],
    getDestination: async () => [`/api/destinations/${await newDestination('Read')}`],
    replaceDestination: async () => [
      `/api/destinations/${await newDestination('Replaced')}`,
      { json: { ...HOOK, name: 'Other' } },
    ],
    deleteDestination: async () => [`/api/destinations/${await newDestination('Deleted')}`],
    testDestination: async () => [`/api/destinations/${await newDestination('Tested')}/test`, { json: {} }],
    replayDestination: async () => [`/api/destinations/${await newDestination('Replayed')}/replay`],
    rotateSigningSecret: async () => [`/api/destinations/${await newDestination('Rotated')}/signing-secret`],
    listDeliveries: () => ['/api/deliveries?state=dead&limit=1'],
    replayDelivery: async () => [`/api/deliveries/${await newDelivery('Again')}/replay`],
    cancelDelivery: async () => [`/api/deliveries/${await newDelivery('Never')}/cancel`],
    listDigests: () => ['/api/digests'],
    createDigest: async () => {
      const [profile_id, destination_id] = [await newProfile('Told together'), await newDestination('Teller')]
      return ['/api/digests', { json: { profile_id, destination_id, schedule: { kind: 'weekly', weekday: 'friday' } } }]
    },
    getDigest: async () => [`/api/digests/${await newDigest('Digest read')}`],
    replaceDigest: async () => {
      const id = await newDigest('Digest replaced')
      const json = { profile_id: await newProfile('Told after'), destination_id: null, schedule: { kind: 'hourly' } }
      return [`/api/digests/${id}`, { json: { ...json, enabled: false } }]
    },
    deleteDigest: async () => [`/api/digests/${await newDigest('Digest deleted')}`],
    listDigestRuns: async () => [`/api/digests/${await newDigest('Digest run')}/runs`],
    previewDigest: async () => [`/api/digests/${await newDigest('Digest shown')}/preview`],
    sendDigest: async () => [`/api/digests/${await newDigest('Digest sent')}/send`],
    getRestraint: () => ['/api/restraint'],
    putRestraint: () => ['/api/restraint', { json: SAMPLE_BODIES['putRestraint'] }],
    getTimeZone: () => ['/api/time-zone'],
    putTimeZone: () => ['/api/time-zone', { json: { time_zone: 'Europe/Berlin' } }],
    listTemplates: () => ['/api/templates'],
    createTemplate: () => ['/api/templates', { json: TEMPLATE }],
    getTemplate: async () => [`/api/templates/${await newTemplate('Read')}`],
    replaceTemplate: async () => [
      `/api/templates/${await newTemplate('Replaced')}`,
      { json: { ...TEMPLATE, name: 'B' } },
    ],
    deleteTemplate: async () => [`/api/templates/${await newTemplate('Deleted')}`],
    importTemplates: () => ['/api/template-import', { json: { templates: [TEMPLATE] } }],
    previewTemplate: () => ['/api/template-preview', { json: { template: { title: '', body: '{{ text }}' } } }],
    listAlerts: () => ['/api/alerts?limit=1&q=contract&state=unread&min_score=0.5'],
    getAlert: () => [`/api/alerts/${world().alertId}`],
    getAnswerLink: () => [`/api/answers/${world().answerToken()}`],
    useAnswerLink: () => [`/api/answers/${world().answerToken()}`],
    getStory: () => [`/api/alerts/${world().alertId}/story`],
    updateAlert: () => [`/api/alerts/${world().alertId}`, { json: { read: true } }],
    getStats: () => ['/api/stats?bucket=day'],
    searchMessages: () => ['/api/search?q=a%20contract&has=link&lang=en'],
    getMessageContext: () => [`${world().alertedPath}/context?before=0`],
    getMessage: () => [world().alertedPath],
    exportSettings: () => ['/api/settings/export?format=yaml'],
    importSettings: () => ['/api/settings/import?dry_run=true', { json: { content: 'version: 1' } }],
    getRetention: () => ['/api/retention'],
    putRetention: () => ['/api/retention', { json: { kinds: {}, max_size_mb: null } }],
    startSweep: () => ['/api/retention/sweep'],
    getMaintenance: () => ['/api/maintenance'],
    startVacuum: () => ['/api/maintenance/vacuum'],
    ...backupsByUi(world),
  }
}
