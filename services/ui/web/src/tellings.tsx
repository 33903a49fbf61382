import { count, moment } from './format'
import { useLoaded } from './loaded'
import type { Alert, Telling } from './model'
import { Failure } from './notice'

/** That the story of an alert was told elsewhere, too. */
export function toldAgain({ copies, copy_chats: chats }: Alert): string {
  const times = copies === 1 ? 'Told once more' : `Told ${count(copies)} more times`
  return chats === 0 ? times : `${times}, in ${chats === 1 ? 'another chat' : `${count(chats)} other chats`}`
}

/** Where it was told, the earliest first. */
export function Tellings({ alert }: { alert: Alert }) {
  const { data, error, reload } = useLoaded<{ tellings: Telling[] }>(`alerts/${alert.id}/story`, alert.copies)
  if (error) return <Failure error={error} onRetry={reload} />
  return (
    <ol class="rows" data-testid="tellings">
      {data?.tellings.map((telling, index) => (
        <li key={`${telling.chat.id} ${telling.message_id}`}>
          <div class="row-main">
            <strong>
              <bdi>{telling.chat.title}</bdi>
            </strong>{' '}
            <span class="hint">
              {moment(telling.posted_at)}
              {index === 0 && ', first'}
              {telling.is_alert ? ', this message' : `, ${Math.round(telling.likeness * 100)} % alike`}
            </span>
          </div>
          {telling.link && (
            <a class="button link" href={telling.link} rel="noreferrer" target="_blank">
              Open in Telegram
            </a>
          )}
        </li>
      ))}
    </ol>
  )
}
