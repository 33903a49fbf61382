import { useEffect, useState } from 'preact/hooks'
import { apiUrl, call, messageOf } from '../api'
import { Check } from '../check'
import { Ago } from '../clock'
import { Field } from '../field'
import { count, moment, size, span } from '../format'
import { useLiveEvent, type Live } from '../live'
import type { BackupFile, Backups as BackupList } from '../model'
import { useMissed } from '../news'
import { Failure, Notice } from '../notice'
import { useSubmit } from '../submit'
import './storage.css'

const MIN_PASSPHRASE = 12

/** The backups there are, making one, and how far that is. */
export function Backups({ live }: { live: Live }) {
  const { list, error, setList, reload } = useBackups(live)
  return (
    <section class="card storage" aria-labelledby="backups-title" data-testid="backups-card" aria-busy={!list}>
      <h2 id="backups-title">Backups</h2>
      <p>
        A backup holds everything that the sentinel keeps, all messages among it: store it where only you can read it.
        It is restored with <code>npm run restore</code> or <code>tgsentinel restore</code> while TG Sentinel is
        stopped.
      </p>
      <Failure error={error} onRetry={reload} />
      {list?.problem && <Notice kind="error">{list.problem}</Notice>}
      {list && <Making list={list} onChange={setList} />}
      {list && <Schedule list={list} />}
      {list && <Files list={list} onChange={setList} />}
    </section>
  )
}

interface PartProps {
  list: BackupList
  onChange: (list: BackupList) => void
}

function Making({ list, onChange }: PartProps) {
  const { state, percent, message, finished_at: finishedAt } = list.latest
  if (state === 'running') return <UnderWay list={list} onChange={onChange} />
  return (
    <>
      {state === 'failed' && <Notice kind="error">The latest backup failed. {message}</Notice>}
      {state !== 'failed' && finishedAt && (
        <p class="hint" data-testid="backup-result" data-percent={percent}>
          <Ago at={finishedAt} />: {message}
        </p>
      )}
      <Start onStarted={onChange} />
    </>
  )
}

function UnderWay({ list: { latest }, onChange }: PartProps) {
  const { isBusy, error, submit } = useSubmit(async () => onChange(await call<BackupList>('POST', 'backups/cancel')))
  return (
    <div class="storage-row" data-testid="backup-running">
      <div class="row-main">
        <strong>A backup is being made</strong>
        <progress aria-label="Backup" max={100} value={latest.percent ?? undefined} />
        {error && <Notice kind="error">{error}</Notice>}
      </div>
      <button class="button" disabled={isBusy} onClick={submit}>
        {isBusy ? 'Cancelling…' : 'Cancel backup'}
      </button>
    </div>
  )
}

/** What was typed is gone once it is taken. */
function Start({ onStarted }: { onStarted: (list: BackupList) => void }) {
  const [isSealed, setSealed] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const { isBusy, error, submit } = useSubmit(async () => {
    const list = await call<BackupList>('POST', 'backups', isSealed ? { passphrase } : {})
    setPassphrase('')
    setSealed(false)
    onStarted(list)
  })
  return (
    <form class="narrow-form" onSubmit={submit} aria-label="Make a backup" data-testid="backup-form">
      <Check checked={isSealed} onChange={setSealed}>
        Put the Telegram session into it, sealed by a passphrase
      </Check>
      {isSealed && (
        <Field
          label="Passphrase"
          type="password"
          autoComplete="new-password"
          minLength={MIN_PASSPHRASE}
          maxLength={1000}
          value={passphrase}
          onInput={setPassphrase}
          hint={`At least ${MIN_PASSPHRASE} characters. It is kept nowhere: without it nobody opens the session again.`}
        />
      )}
      {error && <Notice kind="error">{error}</Notice>}
      <button class="button primary" disabled={isBusy}>
        {isBusy ? 'One moment…' : 'Back up now'}
      </button>
    </form>
  )
}

function Schedule({ list: { every_s: everyS, next_at: nextAt, keep, folder } }: { list: BackupList }) {
  if (everyS === null)
    return (
      <p class="hint">
        None is made by itself. Set <code>BACKUP_EVERY</code> and <code>BACKUP_DIR</code> for that. They are in {folder}
        .
      </p>
    )
  return (
    <p class="hint">
      One is made by itself every {span(everyS)} in {folder}; the newest {count(keep)} are kept.
      {nextAt && ' Next: '}
      {nextAt && <Ago at={nextAt} />}
    </p>
  )
}

function Files({ list, onChange }: PartProps) {
  if (list.backups.length === 0) return <p class="hint">There is no backup yet.</p>
  return (
    <ul class="rows" data-testid="backup-files">
      {list.backups.map((file) => (
        <FileRow key={file.name} file={file} onChange={onChange} />
      ))}
    </ul>
  )
}

function FileRow({ file, onChange }: { file: BackupFile; onChange: (list: BackupList) => void }) {
  const { name, made_at: madeAt, size_bytes: bytes, has_session: hasSession } = file
  const [isAsked, setAsked] = useState(false)
  const path = `backups/${encodeURIComponent(name)}`
  const { isBusy, error, submit } = useSubmit(async () => onChange(await call<BackupList>('DELETE', path)))
  return (
    <li>
      <div class="row-main">
        <strong>{moment(madeAt)}</strong> {hasSession && <span class="chip">with the session</span>}
        <p class="hint">
          {size(bytes)} · {name}
        </p>
        {error && <Notice kind="error">{error}</Notice>}
      </div>
      <a class="button" href={apiUrl(path)} download={name} aria-label={`Download ${name}`}>
        Download
      </a>
      <button
        class={isAsked ? 'button danger' : 'button'}
        disabled={isBusy}
        aria-label={`${isAsked ? 'Yes, delete' : 'Delete'} ${name}`}
        onClick={isAsked ? submit : () => setAsked(true)}
        onBlur={() => setAsked(false)}
      >
        {isAsked ? 'Yes, delete' : 'Delete'}
      </button>
    </li>
  )
}

function useBackups(live: Live) {
  const [list, setList] = useState<BackupList | undefined>()
  const [error, setError] = useState('')
  const reload = () => {
    setError('')
    call<BackupList>('GET', 'backups').then(setList, (cause: unknown) => setError(messageOf(cause)))
  }
  useEffect(reload, [])
  useLiveEvent(live, 'backup', (latest) => {
    setList((before) => before && { ...before, latest })
    if (latest.state !== 'running') reload()
  })
  useMissed(live, reload)
  return { list, error, setList, reload }
}
