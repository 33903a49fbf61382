import { useEffect, useState } from 'preact/hooks'
import { ANSWER_LABELS } from './answer-labels'
import { call, followLink, messageOf } from './api'
import { Ago } from './clock'
import { GateCard } from './gate'
import type { AnswerLink } from './model'
import { Notice } from './notice'
import { useSubmit } from './submit'

const QUESTIONS: Record<AnswerLink['answer'], string> = {
  wanted: 'Is this alert wanted?',
  not_wanted: 'Is this alert not wanted?',
  snooze: 'Tell this alert again in an hour?',
}

/** The link of a notification, opened by hand: what it would say, and the button that says it. */
export function AnswerPage({ token }: { token: string }) {
  const { link, problem } = useAnswerLink(token)
  const [said, setSaid] = useState('')
  const { isBusy, error, submit } = useSubmit(async () => setSaid(await followLink(token)))
  const title = said ? 'Kept' : link ? QUESTIONS[link.answer] : 'An alert'
  return (
    <GateCard title={title} lead={link ? `Found by ${link.profiles.join(', ')}.` : ''}>
      <div data-testid="answer-page">
        {link && (
          <p class="hint">
            Raised <Ago at={link.created_at} />.
          </p>
        )}
        {problem && <Notice kind="error">{problem}</Notice>}
        {said && <Notice kind="good">{said}</Notice>}
        {error && <Notice kind="error">{error}</Notice>}
        {link && !said && (
          <form onSubmit={submit}>
            <button class="button primary wide" disabled={isBusy}>
              {isBusy ? 'One moment…' : ANSWER_LABELS[link.answer]}
            </button>
          </form>
        )}
        <p>
          <a href={link ? `#/alerts/${link.alert_id}` : '#/alerts'}>Open the page</a>
        </p>
      </div>
    </GateCard>
  )
}

function useAnswerLink(token: string) {
  const [link, setLink] = useState<AnswerLink>()
  const [problem, setProblem] = useState('')
  useEffect(() => {
    call<AnswerLink>('GET', `answers/${token}`).then(setLink, (error: unknown) => setProblem(messageOf(error)))
  }, [token])
  return { link, problem }
}
