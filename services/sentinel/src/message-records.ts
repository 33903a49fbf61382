import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import { failure, type Checklist, type MarkedId, type MessageFacts, type MessageRecord } from './model'
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
      extra_text: known.extraText,
      media: known.media,
      posted_at: isoMoment(known.date * SECOND),
      edited_at: momentOf(known.editedAt),
      deleted_at: momentOf(known.deletedAt),
      is_pinned: known.isPinned === 1,
      facts: known.facts === null ? null : factsView(JSON.parse(known.facts) as MessageFacts),
      versions: messageHistory.versions(known.row).map(({ text, extraText, media, writtenAt }) => ({
        ...{ text, extra_text: extraText, media },
        written_at: isoMoment(writtenAt * SECOND),
      })),
      counts: messageHistory
        .counts(known.row, COUNTS_SHOWN)
        .map(({ at, ...counts }) => ({ at: isoMoment(at * SECOND), ...counts })),
    }
  }
}

function factsView(facts: MessageFacts): NonNullable<MessageRecord['facts']> {
  const { forward, file, poll, checklist, extras, label } = facts
  return {
    ...(label !== undefined && { label }),
    ...(extras && { extras }),
    ...(checklist && { checklist: checklistView(checklist) }),
    ...(forward && {
      forward: {
        from: forward.from === null ? null : String(forward.from),
        name: forward.name,
        message_id: forward.messageId,
        posted_at: isoMoment(forward.date * SECOND),
      },
    }),
    ...(file && {
      file: {
        ...{ name: file.name, mime_type: file.mimeType, size_bytes: file.sizeBytes, duration_s: file.durationS },
        ...(file.kind && { kind: file.kind, title: file.title, performer: file.performer, emoji: file.emoji }),
      },
    }),
    ...(poll && {
      poll: {
        question: poll.question,
        answers: poll.answers.map(({ text, voters }) => ({ text, voters })),
        voters: poll.voters,
        is_closed: poll.isClosed,
      },
    }),
  }
}

function checklistView({ title, items }: Checklist) {
  return {
    title,
    items: items.map(({ text, completedBy, completedAt }) => ({
      text,
      completed_by: completedBy === null ? null : String(completedBy),
      completed_at: momentOf(completedAt),
    })),
  }
}

function momentOf(seconds: number | null): string | null {
  return seconds === null ? null : isoMoment(seconds * SECOND)
}
