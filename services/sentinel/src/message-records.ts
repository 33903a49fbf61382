import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import { failure, type MarkedId, type MessageFacts, type MessageRecord } from './model'
import type { Store } from './store/store'
import type { TelegramReader } from './telegram/reader'

const COUNTS_SHOWN = 500

/** Captured messages with what became of them. */
export class MessageRecords {
  constructor(
    private readonly store: Store,
    private readonly reader: Pick<TelegramReader, 'self'>,
  ) {}

  /** @throws ApiError NOT_FOUND */
  find(chatId: MarkedId, messageId: number): MessageRecord {
    const { messages, messageHistory, settings } = this.store
    const known = messages.find(this.reader.self?.id ?? settings.number('chats_account'), chatId, messageId)
    if (!known) throw failure('NOT_FOUND', `Message ${messageId} of chat ${chatId} is not captured.`)
    return {
      text: known.text,
      media: known.media,
      posted_at: isoMoment(known.date * SECOND),
      edited_at: momentOf(known.editedAt),
      deleted_at: momentOf(known.deletedAt),
      is_pinned: known.isPinned === 1,
      facts: known.facts === null ? null : factsView(JSON.parse(known.facts) as MessageFacts),
      versions: messageHistory
        .versions(known.row)
        .map(({ text, media, writtenAt }) => ({ text, media, written_at: isoMoment(writtenAt * SECOND) })),
      counts: messageHistory
        .counts(known.row, COUNTS_SHOWN)
        .map(({ at, ...counts }) => ({ at: isoMoment(at * SECOND), ...counts })),
    }
  }
}

function factsView({ forward, file, poll }: MessageFacts): NonNullable<MessageRecord['facts']> {
  return {
    ...(forward && {
      forward: {
        from: forward.from === null ? null : String(forward.from),
        name: forward.name,
        message_id: forward.messageId,
        posted_at: isoMoment(forward.date * SECOND),
      },
    }),
    ...(file && {
      file: { name: file.name, mime_type: file.mimeType, size_bytes: file.sizeBytes, duration_s: file.durationS },
    }),
    ...(poll && {
      poll: { question: poll.question, answers: poll.answers, voters: poll.voters, is_closed: poll.isClosed },
    }),
  }
}

function momentOf(seconds: number | null): string | null {
  return seconds === null ? null : isoMoment(seconds * SECOND)
}
