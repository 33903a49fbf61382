import { join } from 'node:path'
import { gatherCast, type Cast } from '../faults/cast'
import { Chronicle, textOf } from '../faults/chronicle'
import { Deeds } from '../faults/deeds'
import { Mischief } from '../faults/mischief'
import { planOf } from '../faults/plan'
import { readStored, type Stored } from '../faults/stored'
import { keyOf, topsOf } from '../faults/truth'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'
import { keyForMtcute, signInWithMtcute, type MtcuteReport } from '../telegram-server/support/mtcute'
import { Random } from '../telegram-server/world/random'

type Theirs = MtcuteReport['messages'][number]

const STEPS = 400
const PATIENCE_MS = 30_000

/** The same posts and the same trouble for the sentinel, and afterwards the histories for a client that nobody here wrote. */
class Rivals {
  private readonly folder = makeTemporaryFolder()
  private readonly chronicle = new Chronicle()
  private sentinel: SentinelProcess | undefined

  private constructor(
    private readonly seed: number,
    private readonly stage: TelegramStage,
    private readonly cast: Cast,
  ) {}

  static async open(seed: number): Promise<Rivals> {
    const stage = await TelegramStage.open({ privateKeyPem: keyForMtcute() })
    return new Rivals(seed, stage, await gatherCast(stage.control))
  }

  async close(): Promise<void> {
    await this.sentinel?.stop()
    await this.stage.close()
    removeFolder(this.folder)
  }

  /** What mtcute reads of all that was posted since the sentinel listens. */
  async play(): Promise<Theirs[]> {
    const { seed, stage, cast } = this
    const { control, account } = stage
    const deeds = new Deeds(control, cast, this.chronicle, new Random(seed))
    await deeds.inAllChats(true, { push: 'none' })
    await this.listen()
    const tops = (await topsOf(control, cast)).get(account.id)
    const mischief = new Mischief(control, planOf(seed), cast)
    await mischief.begin()
    for (let step = 0; step < STEPS; step++) await deeds.next()
    await mischief.end([])
    await deeds.inAllChats(false)
    const where = { dc: account.homeDc, phone: account.phone }
    const { messages } = await signInWithMtcute(stage.server, { ...where, histories: true })
    return messages.filter(([chat, id]) => id > (tops?.get(chat) ?? 0))
  }

  stored(): Stored {
    return readStored(join(this.folder, 'sentinel', 'sentinel.db'), this.stage.account.id)
  }

  /** How the sentinel has to store what another client reads: a poll and the like are a part of the text. */
  textOf([chat, id, text]: Theirs): string {
    const told = this.chronicle.find(this.stage.account.id, chat, id)
    return told ? textOf(told, text) : text
  }

  private async listen(): Promise<void> {
    const { stage, folder } = this
    const env = { ...stage.env, TG_POLLS_PER_MINUTE: '6000' }
    this.sentinel = await SentinelProcess.start({ dataDir: folder, env })
    await stage.signIn(this.sentinel)
    const { chats } = await stage.control.truth()
    await until('the list of chats', () => {
      const covered = new Set(this.stored().coverage.map(({ chatId }) => chatId))
      return chats.every(({ chat }) => covered.has(chat))
    })
  }
}

describe('beside mtcute, on the same Telegram', () => {
  it.each([1, 3])('stores or counts whatever that reads, and says the same (seed %i)', async (seed) => {
    const rivals = await Rivals.open(seed)
    try {
      const theirs = await rivals.play()
      expect(theirs.length).toBeGreaterThan(100)
      const missing = () => missingIn(rivals.stored(), theirs, (message) => rivals.textOf(message))
      await until('the sentinel to have it all', () => missing().length === 0, PATIENCE_MS).catch(() => undefined)
      expect(missing()).toEqual([])
    } finally {
      await rivals.close()
    }
  })
})

/**
 * What the other client reads and the sentinel neither stored as it reads now nor counts among what it cannot read: of that an older
 * client gets a part.
 */
function missingIn({ messages, unreadable }: Stored, theirs: Theirs[], textOfTheirs: (message: Theirs) => string) {
  const unknown = unreadable.filter(({ reason }) => reason === 'unknown')
  const counted = new Set(unknown.map(({ chatId, messageId }) => keyOf(chatId, messageId)))
  const kept = messages.filter(({ deletedAt }) => deletedAt === null)
  const ours = new Map(kept.map((row) => [keyOf(row.chatId, row.messageId), row.text]))
  return theirs.flatMap((message) => {
    const key = keyOf(message[0], message[1])
    const text = textOfTheirs(message)
    return counted.has(key) || ours.get(key) === text ? [] : [`${key}: ${ours.get(key)} instead of ${text}`]
  })
}
