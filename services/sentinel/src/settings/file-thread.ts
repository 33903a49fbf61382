import { parentPort, workerData } from 'node:worker_threads'
import { ApiError } from '@tgsentinel/kernel/errors'
import { problemFinder } from '@tgsentinel/kernel/validation'
import { illFormedPart } from '@tgsentinel/kernel/well-formed'
import { Document, visit } from 'yaml'
import document from '../../../../openapi/generated/sentinel.json'
import { parseContent } from '../profiles/import/content'
import { profilesOf, readProfiles } from '../profiles/import/profile-imports'
import type { Said, Task } from './protocol'

// Entry of the thread that settings files are read and written in: YAML takes a second for each megabyte.

/** As much as a profile may have by the API. */
const MAX_PROFILE = 512 * 1024
const INDENT = 2
/** What YAML has as escapes alone (YAML 1.2.2, 5.1): readers of other programs refuse a file that has one as it is. */
const UNPRINTABLE = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/

const port = parentPort
if (port) void perform(workerData as Task).then((said) => port.postMessage(said))

async function perform(task: Task): Promise<Said> {
  if (task.kind === 'write') return { kind: 'written', yaml: asYaml(JSON.parse(task.json)) }
  try {
    if (task.kind === 'read') return await read(task.content)
    const found = profilesOf(await parseContent(task.content))
    return { kind: 'profiles', found: readProfiles(found, task.takenNames) }
  } catch (error) {
    if (error instanceof ApiError) return { kind: 'refused', problem: error.message }
    throw error
  }
}

async function read(content: string): Promise<Said> {
  const file = fileIn(await parseContent(content))
  const problem = problemFinder(document, 'SettingsFile')(file) ?? illFormedIn(file)
  if (problem) return { kind: 'refused', problem }
  const { profiles = [], ...rest } = file as { profiles?: object[] }
  const texts = profiles.map((profile) => JSON.stringify(profile))
  const large = texts.findIndex((text) => text.length > MAX_PROFILE)
  if (large >= 0)
    return { kind: 'refused', problem: `profiles.${large} is longer than ${MAX_PROFILE} characters. Split it.` }
  return {
    kind: 'read',
    profiles: texts,
    rest: JSON.stringify({ ...rest, ...('profiles' in (file as object) && { profiles: [] }) }),
  }
}

/** The file itself, or what exportSettings answers. */
function fileIn(content: unknown): unknown {
  const isReply = typeof content === 'object' && content !== null && 'data' in content && 'status' in content
  return isReply ? content.data : content
}

function illFormedIn(file: unknown): string | null {
  const found = illFormedPart(file)
  return found && `${found.place || 'The file'} has ${found.what}.`
}

function asYaml(file: unknown): string {
  const document = new Document(file, { version: '1.2', aliasDuplicateObjects: false })
  visit(document, {
    Scalar: (_key, scalar) => {
      if (typeof scalar.value === 'string' && UNPRINTABLE.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  // Lines are not folded, and each value stands by itself: the file is for people, and for comparing.
  const text = document.toString({ indent: INDENT, lineWidth: 0 })
  return text.replace(new RegExp(UNPRINTABLE, 'g'), (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
