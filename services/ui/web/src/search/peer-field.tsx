import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { call } from '../api'

export interface Peer {
  id: string
  name: string
  /** What tells it from another one of that name. */
  what: string
}

const TYPING_MS = 250
const OFFERED = 8
/** What needs nobody to be looked up. */
const NAMED = /^(me|@\w{1,32}|-?[1-9]\d{0,15})$/

interface PeerFieldProps<Page> {
  label: string
  /** Id or @name of who is chosen; empty for anybody. */
  value: string
  /** Address of a list that can be searched. */
  path: string
  peersOf: (page: Page) => Peer[]
  onChange: (value: string) => void
}

/** Chats or people are offered as their names are typed; @name or an id is taken as it is. */
export function PeerField<Page>({ label, value, path, peersOf, onChange }: PeerFieldProps<Page>) {
  const id = useId()
  const [text, setText] = useState(value)
  const [peers, setPeers] = useState<Peer[]>([])
  const told = useRef(value)
  useEffect(() => {
    if (told.current === value) return
    told.current = value
    setText(value)
  }, [value])
  const tell = (chosen: string) => {
    if (chosen === told.current) return
    told.current = chosen
    onChange(chosen)
  }
  const offered = (typed: string) => peers.find((peer) => labelOf(peer) === typed)
  const type = (typed: string) => {
    setText(typed)
    tell(offered(typed)?.id ?? '')
  }
  useEffect(() => {
    const typed = text.trim()
    if (typed === '' || offered(text)) return
    const look = () => {
      if (NAMED.test(typed)) return tell(typed)
      const query = new URLSearchParams({ q: typed.slice(0, 100), limit: String(OFFERED) })
      // Without an offer there is still the @name and the id.
      call<Page>('GET', `${path}?${query}`).then(
        (page) => setPeers(peersOf(page)),
        () => setPeers([]),
      )
    }
    const timer = setTimeout(look, TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  const isUnknown = text.trim() !== '' && told.current === ''
  return (
    <label class="search-filter">
      <span>{label}</span>
      <input
        type="text"
        list={`${id}-list`}
        placeholder="Name, @name or id"
        value={text}
        maxLength={120}
        autoComplete="off"
        spellcheck={false}
        aria-invalid={isUnknown ? true : undefined}
        onInput={(event) => type(event.currentTarget.value)}
      />
      <datalist id={`${id}-list`}>
        {peers.map((peer) => (
          <option key={peer.id} value={labelOf(peer)} />
        ))}
      </datalist>
    </label>
  )
}

function labelOf({ name, what }: Peer): string {
  return `${name} · ${what}`
}
