import { useEffect, useRef, useState } from 'preact/hooks'
import { call, messageOf } from './api'

/** What the ui answers at `path`, asked again when that or `stamp` changes; of several questions the last one counts. */
export function useLoaded<T>(path: string, stamp: unknown = null) {
  const [data, setData] = useState<T | undefined>()
  const [error, setError] = useState('')
  const asked = useRef(0)
  const reload = () => {
    const turn = ++asked.current
    const ifLatest = (step: () => void) => turn === asked.current && step()
    setError('')
    call<T>('GET', path).then(
      (next) => ifLatest(() => setData(next)),
      (cause: unknown) => ifLatest(() => setError(messageOf(cause))),
    )
  }
  /** What a change was answered with; what was asked before that does not count any more. */
  const take = (next: T) => {
    setData(next)
    reload()
  }
  useEffect(reload, [path, stamp])
  return { data, error, reload, take }
}
