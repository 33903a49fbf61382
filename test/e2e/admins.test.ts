import { Conversation, usualCast } from '../support/conversation'
import { SentinelProcess } from '../support/sentinel-process'
import { until } from '../support/until'

const PARTICIPANTS = 'channels.getParticipants'

let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>

beforeAll(async () => {
  ;({ talk, cast } = await Conversation.open(usualCast))
  for (const chat of [cast.supergroup, cast.forum, cast.group])
    await talk.stage.control.addParticipants({ chat, users: [cast.noor] })
  for (const chat of [cast.supergroup, cast.group])
    await talk.stage.control.addParticipants({ chat, users: [cast.mara], admin: true })
  const { api } = talk.sentinel
  await until('the list', async () => (await api.coverage()).chats.length >= 7)
  for (const { id } of await api.profiles()) await api.deleteProfile(id)
  await talk.stage.control.clearCalls()
})

afterAll(() => talk.close())

const rosters = () =>
  talk.rows<{ chat_id: number; admins: number }>(
    `SELECT r.chat_id, (SELECT count(*) FROM chat_admins a WHERE a.chat_id = r.chat_id) AS admins FROM admin_rosters r
     WHERE r.read_at IS NOT NULL ORDER BY r.chat_id DESC`,
  )
const asked = async () =>
  (await talk.stage.control.calls()).calls.filter(({ method }) => method === PARTICIPANTS).length
const isRead = (chat: number) => rosters().some(({ chat_id: id }) => id === chat)

describe('who is an admin', () => {
  it('is nobody’s business until a profile asks, and before it is read only the group itself is one', async () => {
    expect([rosters(), await asked()]).toEqual([[], 0])
    await talk.stage.control.floodWait({ method: PARTICIPANTS, seconds: 3, times: 1 })
    const scope = { exclude_chats: [String(cast.forum)] }
    await talk.sentinel.api.createProfile({ name: 'Admins', detectors: { admin: 1 }, scope, one_per_story: false })
    const byMara = await talk.alertsFor({ chat: cast.supergroup, from: cast.mara, text: 'too early' })
    const byGroup = await talk.alertsFor({ chat: cast.supergroup, from: cast.supergroup, text: 'anonymously' })
    expect([byMara, byGroup.map(({ reasons }) => reasons)]).toEqual([
      [],
      [[{ kind: 'detector', label: 'admin', weight: 1 }]],
    ])
  })

  it('is read in the background, of the groups that the profile hears', async () => {
    await until('the rosters', () => isRead(cast.supergroup) && isRead(cast.group), 120_000)
    expect(isRead(cast.forum)).toBe(false)
    const fires = async (chat: number, from?: number) =>
      (await talk.alertsFor({ chat, ...(from ? { from } : {}), text: `from ${from}` })).length
    expect(await fires(cast.supergroup, cast.mara)).toBe(1)
    expect(await fires(cast.supergroup, cast.noor)).toBe(0)
    expect(await fires(cast.group, cast.mara)).toBe(1)
    expect(await fires(cast.group, cast.noor)).toBe(0)
    // A channel's posts, and what another channel says in a group.
    expect(await fires(cast.channel)).toBe(0)
    expect(await fires(cast.supergroup, cast.channel)).toBe(0)
    expect(await fires(cast.mara)).toBe(0)
  }, 150_000)

  it('of a basic group is followed as Telegram tells it', async () => {
    await talk.stage.control.setAdmin({ chat: cast.group, user: cast.noor, isAdmin: true })
    await until('the new admin', () => rosters().some(({ chat_id: id, admins }) => id === cast.group && admins === 2))
    expect(await talk.alertsFor({ chat: cast.group, from: cast.noor, text: 'now an admin' })).toHaveLength(1)
    await talk.stage.control.setAdmin({ chat: cast.group, user: cast.noor, isAdmin: false })
    await until('one less', () => rosters().some(({ chat_id: id, admins }) => id === cast.group && admins === 1))
    expect(await talk.alertsFor({ chat: cast.group, from: cast.noor, text: 'no admin any more' })).toEqual([])
  })

  it('outlives a restart, and being offline', async () => {
    const { dataDir } = talk.sentinel
    const before = await asked()
    await talk.sentinel.crash()
    talk.sentinel = await SentinelProcess.start({ dataDir, env: talk.stage.env })
    await talk.stage.signedIn(talk.sentinel)
    expect(await talk.alertsFor({ chat: cast.supergroup, from: cast.mara, text: 'after the restart' })).toHaveLength(1)
    expect(await asked()).toBe(before)
  })
})
