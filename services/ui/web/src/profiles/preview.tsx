import { count } from '../format'
import type { ProfilePreview } from '../model'
import { Examples } from './examples'

/** What a profile would have found among what is stored. */
export function Preview({ preview }: { preview: ProfilePreview }) {
  const { scanned, matched, repeated, examples, words } = preview
  return (
    <section class="preview" aria-labelledby="preview-title" data-testid="profile-preview">
      <h3 id="preview-title">Preview</h3>
      <p role="status">
        {scanned === 0
          ? 'Nothing is stored yet to try it on.'
          : `${count(matched)} of the newest ${count(scanned)} messages would have raised an alert${repeatedText(repeated)}.`}
      </p>
      <Words words={words} />
      <Examples examples={examples} />
    </section>
  )
}

function repeatedText(repeated: number): string {
  return repeated === 0 ? '' : `, and ${count(repeated)} more would have been kept with one of these, as told again`
}

function Words({ words }: { words: ProfilePreview['words'] }) {
  const told = words.filter(
    ({ found, does_not_match: near, never_matches: flaw }) => found > 0 || near.length > 0 || flaw !== null,
  )
  const silent = words.length - told.length
  return (
    <>
      <ul class="preview-words">
        {told.map(({ word, found, also_matches: forms, does_not_match: near, never_matches: flaw }) => (
          <li key={word}>
            <bdi>{word}</bdi>: {flaw === null ? `in ${count(found)}` : `never matches. ${flaw}`}
            {forms.length > 0 && (
              <>
                ; also matches <em dir="auto">{forms.join(', ')}</em>
              </>
            )}
            {near.length > 0 && (
              <>
                ; does not match <s dir="auto">{near.join(', ')}</s>
              </>
            )}
          </li>
        ))}
      </ul>
      {silent > 0 && <p class="hint">{count(silent)} words and queries were not found at all.</p>}
    </>
  )
}
