import { startTelegramServer, type TelegramServer } from '../server'
import { OPERATIONS } from './control'

describe('the control', () => {
  let server: TelegramServer

  beforeEach(async () => {
    server = await startTelegramServer()
  })

  afterEach(() => server.close())

  it('lets everything through to other processes', () => {
    expect([...OPERATIONS].sort()).toEqual(Object.keys(server.control).sort())
  })

  it('tells the truth about every chat of an account, and only of those', async () => {
    const { control } = server
    const alex = await control.createAccount({ firstName: 'Alex' })
    const mara = await control.createAccount({ firstName: 'Mara' })
    const { id: tom } = await control.createUser({ firstName: 'Tom' })
    const { chat: group } = await control.createGroup({ title: 'Group' })
    const { chat: news } = await control.createChannel({ title: 'News', members: [alex.id] })
    await control.createSupergroup({ title: 'Hers', members: [mara.id] })
    await control.postMessage({ chat: tom, account: mara.id, text: 'to Mara', date: 1 })
    await control.postMessage({ chat: tom, account: alex.id, text: 'one', date: 2 })
    await control.postMessage({ chat: group, from: tom, text: 'two', date: 3 })
    await control.postMessage({ chat: group, from: tom, text: '', pins: 2, date: 4 })
    await control.postMessage({ chat: news, text: 'three', date: 5 })
    await control.setPushed({ chat: news, pushed: false })
    await control.pinMessages({ chat: group, messageIds: [2], pinned: true })
    await control.editMessage({ chat: news, messageId: 2, text: 'four' })
    await control.deleteMessages({ chat: news, messageIds: [2] })
    const plain = { deleted: false, edits: 0, pinned: false, senderId: tom, unreadable: false }
    expect(await control.truth()).toEqual({
      chats: [
        { chat: tom, kind: 'private', pushed: true, messages: [{ ...plain, id: 1, text: 'one', date: 2 }] },
        {
          ...{ chat: group, kind: 'group', pushed: true },
          messages: [
            { ...plain, id: 2, text: 'two', pinned: true, date: 3 },
            { ...plain, id: 3, text: '', date: 4 },
          ],
        },
        {
          ...{ chat: news, kind: 'channel', pushed: false },
          messages: [{ ...plain, id: 2, text: 'four', deleted: true, edits: 1, senderId: null, date: 5 }],
        },
      ],
    })
    const hers = (await control.truth({ account: mara.id })).chats.map(({ kind, messages }) => [kind, messages[0]?.id])
    expect(hers).toEqual([
      ['private', 1],
      ['group', 2],
      ['supergroup', undefined],
    ])
  })
})
