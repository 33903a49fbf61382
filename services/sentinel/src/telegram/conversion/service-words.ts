import type { Extra } from '../../model'
import { isTl, tlList, tlNumber, tlText, type TlObject } from '../tl'
import { clock } from './file'
import { extra } from './media'

/** What a service message says: words that follow the name of who did it, and texts that somebody wrote. */
export interface ServiceWords {
  words: string
  extras: Extra[]
}

type Read = string | ((action: TlObject, senderId: number | null) => string | [string, Extra[]])

const UNKNOWN = 'did something that this version cannot put into words'

/** Every kind of action that the schema has (core.telegram.org/type/MessageAction). */
const ACTIONS: Record<string, Read> = {
  MessageActionEmpty: UNKNOWN,
  MessageActionChatCreate: (action) => titled('created the group', action),
  MessageActionChatEditTitle: (action) => titled('changed the title', action),
  MessageActionChatEditPhoto: 'changed the photo',
  MessageActionChatDeletePhoto: 'removed the photo',
  MessageActionChatAddUser: added,
  MessageActionChatDeleteUser: (action, senderId) =>
    tlNumber(action['userId']) === senderId ? 'left' : 'removed somebody',
  MessageActionChatJoinedByLink: 'joined by a link',
  MessageActionChannelCreate: (action) => titled('created the channel', action),
  MessageActionChatMigrateTo: 'made the group a supergroup',
  MessageActionChannelMigrateFrom: (action) => titled('made the group a supergroup', action),
  MessageActionPinMessage: 'pinned a message',
  MessageActionHistoryClear: 'cleared the history',
  MessageActionGameScore: (action) => `scored ${tlNumber(action['score']) ?? 0} in a game`,
  MessageActionPaymentSentMe: 'paid',
  MessageActionPaymentSent: 'paid',
  MessageActionPhoneCall: call,
  MessageActionScreenshotTaken: 'took a screenshot',
  MessageActionCustomAction: (action) => ['says', extra('service', tlText(action['message']))],
  MessageActionBotAllowed: (action) => ['allowed a bot to write', extra('service', tlText(action['domain']))],
  MessageActionSecureValuesSentMe: 'sent documents of Telegram Passport',
  MessageActionSecureValuesSent: 'sent documents of Telegram Passport',
  MessageActionContactSignUp: 'joined Telegram',
  MessageActionGeoProximityReached: (action) => `is ${tlNumber(action['distance']) ?? 0} m away`,
  MessageActionGroupCall: (action) => (action['duration'] == null ? 'started a group call' : 'ended the group call'),
  MessageActionInviteToGroupCall: 'invited to a group call',
  MessageActionSetMessagesTTL: (action) =>
    tlNumber(action['period']) ? 'set messages to delete themselves' : 'set messages to stay',
  MessageActionGroupCallScheduled: 'scheduled a group call',
  MessageActionSetChatTheme: 'changed the theme',
  MessageActionChatJoinedByRequest: 'was let in on request',
  MessageActionChatJoinedViaCommunity: 'joined by a community',
  MessageActionWebViewDataSentMe: (action) => ['sent data of a web app', extra('service', tlText(action['text']))],
  MessageActionWebViewDataSent: (action) => ['sent data of a web app', extra('service', tlText(action['text']))],
  MessageActionGiftPremium: (action) => ['gave Telegram Premium', gift(action)],
  MessageActionTopicCreate: (action) => titled('created a topic', action),
  MessageActionTopicEdit: (action) => titled('changed a topic', action),
  MessageActionSuggestProfilePhoto: 'suggested a profile photo',
  MessageActionRequestedPeer: 'shared a chat',
  MessageActionRequestedPeerSentMe: 'shared a chat',
  MessageActionSetChatWallPaper: 'changed the wallpaper',
  MessageActionGiftCode: (action) => ['gave a gift code', gift(action)],
  MessageActionGiveawayLaunch: 'started a giveaway',
  MessageActionGiveawayResults: (action) => `drew ${tlNumber(action['winnersCount']) ?? 0} winners of a giveaway`,
  MessageActionBoostApply: (action) => `boosted the group ${tlNumber(action['boosts']) ?? 1} times`,
  MessageActionPaymentRefunded: 'refunded a payment',
  MessageActionGiftStars: (action) => `gave ${tlNumber(action['stars']) ?? 0} stars`,
  MessageActionGiftTon: 'gave TON',
  MessageActionPrizeStars: (action) => `won ${tlNumber(action['stars']) ?? 0} stars`,
  MessageActionStarGift: (action) => ['sent a gift', gift(action)],
  MessageActionStarGiftUnique: (action) => ['sent a gift', gift(action)],
  MessageActionStarGiftPurchaseOffer: (action) => ['offered to buy a gift', gift(action)],
  MessageActionStarGiftPurchaseOfferDeclined: (action) => ['declined to sell a gift', gift(action)],
  MessageActionPaidMessagesRefunded: 'refunded messages',
  MessageActionPaidMessagesPrice: 'changed the price of messages',
  MessageActionConferenceCall: call,
  MessageActionTodoCompletions: completions,
  MessageActionTodoAppendTasks: (action) => [
    'added tasks',
    tlList(action['list']).flatMap((item) => extra('service', tlText(item['title']))),
  ],
  MessageActionSuggestedPostApproval: (action) => [
    action['rejected'] === true ? 'rejected a suggested post' : 'approved a suggested post',
    extra('service', tlText(action['rejectComment'])),
  ],
  MessageActionSuggestedPostSuccess: 'paid for a suggested post',
  MessageActionSuggestedPostRefund: 'refunded a suggested post',
  MessageActionSuggestBirthday: 'suggested a birthday',
  MessageActionNewCreatorPending: 'is about to hand over the group',
  MessageActionChangeCreator: 'handed over the group',
  MessageActionNoForwardsToggle: 'changed whether messages may be forwarded',
  MessageActionNoForwardsRequest: 'asked to change whether messages may be forwarded',
  MessageActionPollAppendAnswer: (action) => ['added an answer to a poll', answer(action)],
  MessageActionPollDeleteAnswer: (action) => ['removed an answer of a poll', answer(action)],
  MessageActionManagedBotCreated: 'created a bot',
  MessageActionChangeCommunity: 'changed the community',
}

/** Names of all actions that are put into words. */
export const KNOWN_ACTIONS: ReadonlySet<string> = new Set(Object.keys(ACTIONS))

export function serviceWords(action: unknown, senderId: number | null): ServiceWords {
  const read = isTl(action) ? ACTIONS[action.className] : undefined
  if (!read || !isTl(action)) return { words: UNKNOWN, extras: [] }
  const said = typeof read === 'string' ? read : read(action, senderId)
  return typeof said === 'string' ? { words: said, extras: [] } : { words: said[0], extras: said[1] }
}

function titled(words: string, action: TlObject): [string, Extra[]] {
  return [words, extra('service', tlText(action['title']))]
}

/** Who adds only himself has joined. */
function added(action: TlObject, senderId: number | null): string {
  const users = Array.isArray(action['users']) ? action['users'].map(tlNumber) : []
  if (users.length === 1 && users[0] === senderId) return 'joined'
  return users.length === 1 ? 'added somebody' : `added ${users.length} people`
}

function call(action: TlObject): string {
  const duration = tlNumber(action['duration'])
  const kind = action['video'] === true ? 'video call' : 'call'
  return duration ? `called: ${kind}, ${clock(duration)}` : `tried to call: ${kind}`
}

function completions(action: TlObject): string {
  const count = (name: string) => (Array.isArray(action[name]) ? (action[name] as unknown[]).length : 0)
  const parts = [
    count('completed') > 0 && `completed ${count('completed')}`,
    count('incompleted') > 0 && `reopened ${count('incompleted')}`,
  ]
  return `${parts.filter(Boolean).join(' and ')} of the tasks`
}

function gift(action: TlObject): Extra[] {
  const title = isTl(action['gift']) ? tlText(action['gift']['title']) : ''
  return [...extra('gift', title), ...extra('gift', tlText(action['message']))]
}

function answer(action: TlObject): Extra[] {
  return extra('service', isTl(action['answer']) ? tlText(action['answer']['text']) : '')
}
