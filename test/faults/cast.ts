import type { Control } from '../telegram-server/control/control'
import { SENTINELS } from './plan'

/** Whom a run is about; all ids are marked. */
export interface Cast {
  accounts: number[]
  /** Authors in groups; nobody has a private chat with them. */
  people: number[]
  chats: CastChat[]
  /** A group of all accounts, and of one alone. */
  toMigrate: number[]
  /** A channel of all accounts that is to be closed to the first. */
  toClose: number
}

export interface CastChat {
  chat: number
  kind: 'channel' | 'supergroup' | 'forum' | 'group' | 'private'
  members: number[]
}

const SHARED_CHANNELS = 10
const OWN_CHANNELS = 25
const SHARED_GROUPS = 4
const OWN_GROUPS = 4
const PRIVATE_CHATS = 7
const AUTHORS = 9
const SILENT_CHANNELS = 20
const KINDS = ['channel', 'supergroup', 'forum'] as const

/** Accounts with fifty chats each, in each of which something was said before anybody listened. */
export async function gatherCast(control: Control): Promise<Cast> {
  const accounts = await accountsOf(control)
  const people = await usersOf(control, AUTHORS, 'Author')
  const chats = [
    ...(await channelsOf(control, SHARED_CHANNELS, accounts)),
    ...(await groupsOf(control, SHARED_GROUPS, accounts, people)),
  ]
  for (const account of accounts) {
    chats.push(...(await channelsOf(control, OWN_CHANNELS, [account])))
    chats.push(...(await groupsOf(control, OWN_GROUPS, [account], people)))
  }
  for (const chat of await usersOf(control, PRIVATE_CHATS, 'Friend'))
    chats.push({ chat, kind: 'private', members: accounts })
  const groups = chats.filter(({ kind }) => kind === 'group')
  const alone = groups.find(({ members }) => members.length === 1)
  const toMigrate = [groups[0], alone].flatMap((group) => (group ? [group.chat] : []))
  return { accounts, people, chats, toMigrate, toClose: chats[1]?.chat ?? 0 }
}

/** Channels of which nothing is pushed, of every kind and in every account. */
export function silentChannels({ chats }: Cast): number[] {
  const channels = chats.filter(({ kind }) => kind !== 'group' && kind !== 'private')
  return channels
    .filter((_, index) => index % Math.floor(channels.length / SILENT_CHANNELS) === 2)
    .map(({ chat }) => chat)
}

/** The first account is there already. */
async function accountsOf(control: Control): Promise<number[]> {
  const { id } = await control.account()
  const names = Array.from({ length: SENTINELS - 1 }, (_, index) => `Owner ${index + 2}`)
  const others: number[] = []
  for (const firstName of names) others.push((await control.createAccount({ firstName })).id)
  return [id, ...others]
}

async function usersOf(control: Control, count: number, name: string): Promise<number[]> {
  const users: number[] = []
  for (let number = 1; number <= count; number++)
    users.push(
      (
        await control.createUser({
          firstName: `${name} ${number}`,
          ...namesOf(`${name.toLowerCase()}_${number}`, number),
        })
      ).id,
    )
  return users
}

/** Every third has no name but collectible ones. */
function namesOf(name: string, number: number): { username?: string; usernames?: string[] } {
  return number % 3 === 0 ? { usernames: [name, `${name}_rare`] } : { username: name }
}

async function channelsOf(control: Control, count: number, members: number[]): Promise<CastChat[]> {
  const chats: CastChat[] = []
  for (let number = 1; number <= count; number++) {
    const kind = KINDS[number % KINDS.length] as (typeof KINDS)[number]
    const title = `${kind} ${number} of ${members.join(' ')}`
    chats.push({ chat: (await createChannel(control, kind, title, members)).chat, kind, members })
  }
  return chats
}

function createChannel(control: Control, kind: (typeof KINDS)[number], title: string, members: number[]) {
  switch (kind) {
    case 'channel':
      return control.createChannel({ title, members })
    case 'supergroup':
      return control.createSupergroup({ title, members })
    case 'forum':
      return control.createForum({ title, members, topics: ['Talk', 'Work'] })
    default:
      return kind satisfies never
  }
}

async function groupsOf(control: Control, count: number, members: number[], people: number[]): Promise<CastChat[]> {
  const chats: CastChat[] = []
  for (let number = 1; number <= count; number++) {
    const { chat } = await control.createGroup({ title: `group ${number} of ${members.join(' ')}`, members })
    await control.addParticipants({ chat, users: people })
    chats.push({ chat, kind: 'group', members })
  }
  return chats
}
