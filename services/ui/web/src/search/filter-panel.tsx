import { useState } from 'preact/hooks'
import { KINDS as CHAT_KINDS } from '../chats/chat-kinds'
import type { Chat, SearchLanguage, SearchMedium, TelegramUser } from '../model'
import { SearchField } from '../search-field'
import { PeerField, type Peer } from './peer-field'
import { isAsking, isNarrowed, type SearchFilters } from './search-filters'

const MEDIA: Record<SearchMedium, string> = {
  media: 'Anything beside text',
  photo: 'A photo',
  video: 'A video',
  audio: 'Sound',
  document: 'A file',
  sticker: 'A sticker',
  poll: 'A poll',
  location: 'A place',
  contact: 'A contact',
  link: 'A link',
  code: 'Code',
  forward: 'Forwarded',
}

const LANGUAGES: Record<SearchLanguage, string> = {
  ar: 'Arabic',
  de: 'German',
  en: 'English',
  es: 'Spanish',
  fr: 'French',
  it: 'Italian',
  ja: 'Japanese',
  ko: 'Korean',
  pt: 'Portuguese',
  ru: 'Russian',
  tr: 'Turkish',
  uk: 'Ukrainian',
  zh: 'Chinese',
}

const DELETED: Record<SearchFilters['deleted'], string> = {
  any: 'With deleted ones',
  hide: 'Without deleted ones',
  only: 'Deleted ones only',
}

interface FilterPanelProps {
  filters: SearchFilters
  /** What changes; the others stay as they are by then. */
  onChange: (part: Partial<SearchFilters>) => void
  onClear: () => void
}

export function FilterPanel({ filters, onChange, onClear }: FilterPanelProps) {
  // On a phone the results come first.
  const [isWide] = useState(() => matchMedia('(min-width: 641px)').matches)
  return (
    <div class="card search-panel" role="search" aria-label="Search messages">
      <SearchField label="Search in all messages" q={filters.q} maxLength={300} onChange={(q) => onChange({ q })} />
      <details class="search-more" open={isWide}>
        <summary>Filters{isNarrowed(filters) && ' in force'}</summary>
        <div class="search-filters">
          <PeerFilters filters={filters} onChange={onChange} />
          <Choice
            label="Has"
            value={filters.has}
            every="Whatever it has"
            choices={MEDIA}
            onChange={(has) => onChange({ has })}
          />
          <Choice
            label="Language"
            value={filters.lang}
            every="Any language"
            choices={LANGUAGES}
            onChange={(lang) => onChange({ lang })}
          />
          <Day label="Since" value={filters.since} onChange={(since) => onChange({ since })} />
          <Day label="Until" value={filters.until} onChange={(until) => onChange({ until })} />
          <Choice
            label="Deleted"
            value={filters.deleted}
            choices={DELETED}
            onChange={(deleted) => onChange({ deleted: deleted || 'any' })}
          />
        </div>
      </details>
      {isAsking(filters) && (
        <button class="button quiet" onClick={onClear}>
          Clear all
        </button>
      )}
    </div>
  )
}

function PeerFilters({ filters, onChange }: Pick<FilterPanelProps, 'filters' | 'onChange'>) {
  return (
    <>
      <PeerField
        label="In chat"
        value={filters.in}
        path="telegram/chats"
        peersOf={({ chats }: { chats: Chat[] }) => chats.map(chatPeer)}
        onChange={(place) => onChange({ in: place })}
      />
      <PeerField
        label="From"
        value={filters.from}
        path="telegram/users"
        peersOf={({ users }: { users: TelegramUser[] }) => users.map(userPeer)}
        onChange={(from) => onChange({ from })}
      />
    </>
  )
}

function chatPeer({ id, title, kind }: Chat): Peer {
  return { id, name: title, what: CHAT_KINDS[kind] }
}

function userPeer({ id, name, username }: TelegramUser): Peer {
  return { id, name, what: username ? `@${username}` : `id ${id}` }
}

interface ChoiceProps<T extends string> {
  label: string
  value: T | ''
  /** What no choice says; without it there is always one. */
  every?: string
  choices: Record<T, string>
  onChange: (value: T | '') => void
}

function Choice<T extends string>({ label, value, every, choices, onChange }: ChoiceProps<T>) {
  return (
    <label class="search-filter">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as T | '')}>
        {every !== undefined && <option value="">{every}</option>}
        {Object.entries<string>(choices).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label class="search-filter">
      <span>{label}</span>
      <input type="date" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    </label>
  )
}
