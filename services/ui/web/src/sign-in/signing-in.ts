import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../api'
import type { Live } from '../live'
import type { SignInView, Status } from '../model'
import { useNews } from '../news'

export interface SigningIn {
  view: SignInView | undefined
  /** It came to an end well while this page looked on, and what came of it is in force. */
  isDone: boolean
  /** Goes a step; where that leads is in `view` then. @throws ApiFailure */
  step: (method: 'POST' | 'DELETE', name?: string, body?: object) => Promise<void>
  reload: () => void
}

/** The sign-in as the sentinel has it, wherever it was begun: asked for anew whenever an event says that it went on. */
export function useSigningIn(live: Live, status: Status | undefined): SigningIn {
  const [view, setView] = useState<SignInView | undefined>()
  const isDone = useDone(view, status)
  const asked = useRef(0)
  const reload = () => {
    const turn = ++asked.current
    const take = (next: SignInView) => turn === asked.current && setView(next)
    // The status says who is away; what was shown stays.
    call<SignInView>('GET', 'session/sign-in').then(take, () => undefined)
  }
  const step: SigningIn['step'] = async (method, name = '', body) => {
    try {
      setView(await call<SignInView>(method, `session/sign-in${name && `/${name}`}`, body))
    } finally {
      reload()
    }
  }
  useEffect(reload, [status?.sign_in])
  useNews(live, ['sign_in'], reload)
  return { view, isDone, step, reload }
}

function useDone(view: SignInView | undefined, status: Status | undefined): boolean {
  const [wasSeen, setSeen] = useState(false)
  const isGoing = view !== undefined && isUnderWay(view)
  useEffect(() => {
    if (isGoing) setSeen(true)
  }, [isGoing])
  const isInForce = status?.authorized === true && status.session_generation === view?.generation
  return wasSeen && isInForce && view?.step === 'signed_in'
}

const UNDER_WAY: readonly SignInView['step'][] = [
  'connecting',
  'code_sent',
  'qr_waiting',
  'password_needed',
  'finishing',
]

export function isUnderWay({ step }: SignInView): boolean {
  return UNDER_WAY.includes(step)
}
