import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NewDialog } from './store/dialogs'
import { openStore, type Store } from './store/store'
import { WatchList } from './watch'

const ADA = 700
const BEA = 701
const NEWS = -1_000_000_000_042
const TALK = -1_000_000_000_043
const WORK = 2

function dialog(chatId: number, folders: number[]): NewDialog {
  const facts = { members: null, unread: 0, topMessageId: null, topMessageAt: null }
  return { chatId, ...facts, isPinned: false, isArchived: false, isMuted: false, isForum: false, folders }
}

describe('what is watched by folder', () => {
  let folder = ''
  let store: Store
  let watch: WatchList

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-watch-'))
    store = openStore(join(folder, 'sentinel.db'))
    watch = new WatchList(store)
    watch.set({ mode: 'picked', folders: [WORK] })
  })

  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })

  function read(accountId: number, ...dialogs: NewDialog[]): void {
    store.transaction(() => store.dialogs.replace(accountId, dialogs, [{ id: WORK, title: 'Work' }]))
  }

  const watched = (accountId = ADA) => [NEWS, TALK].filter((chatId) => watch.isWatched(accountId, chatId))

  it('is all until the list of chats was read, and again once everything was erased', () => {
    expect(watched()).toEqual([NEWS, TALK])
    read(ADA, dialog(NEWS, [WORK]), dialog(TALK, []))
    expect(watched()).toEqual([NEWS])
    store.erase()
    expect(watched()).toEqual([NEWS, TALK])
  })

  it('follows the list of chats, each account its own', () => {
    read(ADA, dialog(NEWS, [WORK]), dialog(TALK, []))
    read(BEA, dialog(NEWS, []), dialog(TALK, [WORK]))
    expect([watched(ADA), watched(BEA)]).toEqual([[NEWS], [TALK]])
    read(ADA, dialog(NEWS, []), dialog(TALK, [WORK]))
    expect([watched(ADA), watched(BEA)]).toEqual([[TALK], [TALK]])
  })

  it('follows the rules', () => {
    read(ADA, dialog(NEWS, [WORK]), dialog(TALK, []))
    expect(watched()).toEqual([NEWS])
    watch.add(TALK)
    expect(watched()).toEqual([NEWS, TALK])
    watch.remove(NEWS)
    expect(watched()).toEqual([TALK])
    watch.set({ mode: 'picked', folders: [3] })
    expect(watched()).toEqual([])
  })

  it('that the account does not have is refused by name, unless the rules had it before', () => {
    read(ADA, dialog(NEWS, [WORK]), dialog(TALK, []))
    const choose = (chats: number[], folders: number[] = []) =>
      watch.choose(ADA, { mode: 'picked', chats: chats.map(String), folders })
    expect(() => choose([NEWS, -100_9], [WORK, 7])).toThrow('This account has no chat -1009, folder 7.')
    expect(() => watch.choose(ADA, { mode: 'all', excluded: ['-1009'] })).toThrow('no chat -1009')
    expect(choose([NEWS], [WORK])).toMatchObject({ chats: [String(NEWS)], folders: [WORK] })
    read(ADA, dialog(TALK, []))
    expect(choose([NEWS, TALK], [WORK])).toMatchObject({ chats: [String(NEWS), String(TALK)] })
    expect(watch.choose(BEA, { mode: 'picked', chats: ['-1009'] })).toMatchObject({ chats: ['-1009'] })
  })

  it('says what it comes to, and when that is nothing', () => {
    expect(watch.state(ADA)).toMatchObject({ mode: 'picked', watched_chats: null, problem: null })
    read(ADA, dialog(NEWS, [WORK]), dialog(TALK, []))
    expect(watch.state(ADA)).toMatchObject({ watched_chats: 1, problem: null })
    read(ADA, dialog(NEWS, []), dialog(TALK, []))
    expect(watch.state(ADA)).toMatchObject({ watched_chats: 0, problem: expect.stringContaining('Nothing') as string })
    watch.set({ mode: 'picked', chats: [String(TALK), '-1009'], folders: [WORK, 7] })
    const problem = 'Not all that is picked is there: this account does not have 1 chat and 1 folder of it.'
    expect(watch.state(ADA)).toEqual({
      mode: 'picked',
      watched_chats: 1,
      missing_chats: ['-1009'],
      missing_folders: [7],
      problem,
    })
    watch.set({ mode: 'all', excluded: [String(NEWS), String(TALK)] })
    expect(watch.state(ADA)).toMatchObject({ watched_chats: 0, problem: expect.stringContaining('Nothing') as string })
    watch.set({ mode: 'picked' })
    expect(watch.state(BEA)).toMatchObject({
      watched_chats: null,
      problem: expect.stringContaining('Nothing') as string,
    })
  })

  it('is looked up once, not for every message', () => {
    read(ADA, dialog(NEWS, [WORK]), dialog(TALK, []))
    const foldersOf = store.dialogs.foldersOf.bind(store.dialogs)
    let questions = 0
    store.dialogs.foldersOf = (...place) => {
      questions += 1
      return foldersOf(...place)
    }
    for (let turn = 0; turn < 1000; turn++) expect(watch.isWatched(ADA, TALK)).toBe(false)
    expect(questions).toBe(1)
  })
})
