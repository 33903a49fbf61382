import { useState } from 'preact/hooks'
import { call } from './api'
import { ConfirmedAct } from './confirmed-act'
import { counted } from './format'
import type { Status } from './model'
import { Notice } from './notice'

/** What ends the session or removes what was captured; each says what stays. */
export function SessionActs({ status }: { status: Status }) {
  const [done, setDone] = useState('')
  const erase = async () => {
    const { messages, alerts } = await call<{ messages: number; alerts: number }>('POST', 'data/erase', ERASE)
    setDone(`Erased: ${counted(messages, 'message')} and ${counted(alerts, 'alert')}.`)
  }
  return (
    <section class="card" aria-labelledby="acts-title">
      <h2 id="acts-title">{status.state === 'signed_out' ? 'Captured data' : 'Sign out, forget, erase'}</h2>
      {done && (
        <Notice kind="good" testId="act-done">
          {done}
        </Notice>
      )}
      <ul class="acts">
        {status.state === 'signed_in' && <SignOut onDone={setDone} />}
        {status.state !== 'signed_out' && <Forget onDone={setDone} />}
        <ConfirmedAct
          name="Erase data"
          what="Deletes every message, alert, chat and counter that was captured, and gives the space back."
          stays="Profiles, settings and the session stay; capturing goes on from now. Nothing changes at Telegram."
          word="erase"
          onConfirm={erase}
        />
      </ul>
    </section>
  )
}

const ERASE = { confirm: 'erase' }

function SignOut({ onDone }: { onDone: (sentence: string) => void }) {
  const signOut = async () => {
    await call('POST', 'session/sign-out')
    onDone('Signed out at Telegram.')
  }
  return (
    <ConfirmedAct
      name="Sign out of Telegram"
      what="Ends this session at Telegram and removes its key from the session file. To read on, you sign in anew."
      stays="Messages, alerts, profiles and settings stay, and so does what else is in the file."
      onConfirm={signOut}
    />
  )
}

function Forget({ onDone }: { onDone: (sentence: string) => void }) {
  const forget = async () => {
    await call('POST', 'session/forget', { confirm: 'forget' })
    onDone('The session file is removed.')
  }
  return (
    <ConfirmedAct
      name="Forget session"
      what="Removes the session file without telling Telegram, for when it cannot be reached or has ended the session."
      stays="The session stays listed in Telegram under Settings, Devices until you end it there. Messages, alerts and profiles stay."
      word="forget"
      onConfirm={forget}
    />
  )
}
