import { useState } from 'preact/hooks'
import { call } from '../api'
import { Details } from '../details'
import { useLoaded } from '../loaded'
import type { Dictionary as Groups } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { groupsOf, textOf } from './dictionary-text'
import { TextArea } from './text-area'

/** Forms of words that no rule of grammar tells: the user's own. */
export function Dictionary() {
  const { data, error, reload } = useLoaded<Groups>('dictionary')
  return (
    <Details id="profile-dictionary" title="Dictionary" backTo="profiles" error={error} onRetry={reload}>
      {data && <DictionaryForm start={data} />}
    </Details>
  )
}

function DictionaryForm({ start }: { start: Groups }) {
  const [text, setText] = useState(textOf(start.groups))
  const [isSaved, setSaved] = useState(false)
  const { isBusy, error, submit } = useSubmit(async () => {
    const { groups } = await call<Groups>('PUT', 'dictionary', { groups: groupsOf(text) })
    setText(textOf(groups))
    setSaved(true)
  })
  const type = (typed: string) => {
    setSaved(false)
    setText(typed)
  }
  return (
    <form onSubmit={submit} aria-label="Dictionary">
      <TextArea
        label="Words that count as one"
        rows={10}
        value={text}
        hint="A line for each group, with commas between its words: person, people. It holds for every profile that finds word forms."
        onInput={type}
      />
      {error && <Notice kind="error">{error}</Notice>}
      {isSaved && <Notice kind="good">Saved. It counts from the next message on.</Notice>}
      <button class="button primary" disabled={isBusy}>
        {isBusy ? 'One moment…' : 'Save dictionary'}
      </button>
    </form>
  )
}
