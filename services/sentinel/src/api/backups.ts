import { createReadStream, statSync } from 'node:fs'
import type { Backups, BackupRun } from '@tgsentinel/backup/backups'
import { Download, type Handlers } from '@tgsentinel/kernel/contract'
import { ok } from '@tgsentinel/kernel/errors'
import { isoMoment } from '@tgsentinel/kernel/time'
import type { components, operations } from '../../../../openapi/generated/sentinel'
import { failure, type Backup } from '../model'

type Served = Pick<operations, 'listBackups' | 'startBackup' | 'cancelBackup' | 'readBackup' | 'deleteBackup'>
type View = components['schemas']['Backups']

export function backupHandlers(backups: Backups): Handlers<Served> {
  const absent = (name: string) => failure('NOT_FOUND', `There is no backup ${name}.`)
  return {
    listBackups: () => ok(viewOf(backups)),
    startBackup: ({ body }) => {
      if (!backups.begin(body.passphrase)) throw failure('CONFLICT', 'A backup is being made. Wait for its end.')
      return ok(viewOf(backups), 'Backup under way')
    },
    cancelBackup: () => {
      if (!backups.cancel()) throw failure('CONFLICT', 'No backup is being made.')
      return ok(viewOf(backups), 'The backup is given up')
    },
    readBackup: ({ params: { name } }) => {
      const path = backups.find(name)
      if (path === undefined) throw absent(name)
      return new Download('application/gzip', name, statSync(path).size, () => createReadStream(path))
    },
    deleteBackup: ({ params: { name } }) => {
      if (!backups.remove(name)) throw absent(name)
      return ok(viewOf(backups), 'Backup deleted')
    },
  }
}

/** As the document has it. */
export function backupView({ state, startedAtMs, finishedAtMs, percent, message }: BackupRun): Backup {
  return { state, started_at: momentOf(startedAtMs), finished_at: momentOf(finishedAtMs), percent, message }
}

function viewOf(backups: Backups): View {
  const { everyMs, keep, dir } = backups.settings
  const { files, problem } = filesOf(backups)
  return {
    ...{ latest: backupView(backups.latest), folder: dir, problem, keep },
    every_s: everyMs === null ? null : everyMs / 1000,
    next_at: problem === null ? momentOf(backups.nextAtMs(files[0])) : null,
    backups: files.map(({ name, madeAtMs, sizeBytes, hasSession }) => ({
      ...{ name, made_at: isoMoment(madeAtMs), size_bytes: sizeBytes, has_session: hasSession },
    })),
  }
}

function filesOf(backups: Backups) {
  try {
    return { files: backups.list(), problem: null }
  } catch (error) {
    const reason = (error as Error).message
    return { files: [], problem: `The folder of the backups cannot be read: ${reason}. Mend it, or set BACKUP_DIR.` }
  }
}

function momentOf(ms: number | null): string | null {
  return ms === null ? null : isoMoment(ms)
}
