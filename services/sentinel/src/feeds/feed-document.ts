import { saidIn } from '../medium'
import { createHash } from 'node:crypto'
import type { Feed } from 'feed'
import type { Alert, FeedFormat, Profile } from '../model'
import { escaped } from '../styled-text'
import { cutToPoints } from '../cutting'

export interface FeedContent {
  profile: Pick<Profile, 'id' | 'name'>
  /** The newest first. */
  alerts: readonly Alert[]
  createdAtMs: number
}

export interface FeedDocument {
  contentType: string
  bytes: Buffer
  /** Of the bytes: who has them need not fetch them. */
  etag: string
}

interface Form {
  contentType: string
  /** The name of the feed, as the library takes it. */
  name: (plain: string) => string
  /** The title of an entry, as the library takes it. */
  title: (plain: string) => string
  write: (feed: Feed) => string
}

const FORMS: Record<FeedFormat, Form> = {
  rss: {
    contentType: 'application/rss+xml; charset=utf-8',
    name: ampersandsKept,
    title: withoutSectionEnd,
    write: (feed) => feed.rss2(),
  },
  atom: {
    contentType: 'application/atom+xml; charset=utf-8',
    name: ampersandsKept,
    // The library says type="html" of it.
    title: escaped,
    // It writes an empty element for an entry without a link, which Atom (RFC 4287 section 4.2.7.1) does not know.
    write: (feed) => feed.atom1().replace(/\n *<link\/>/g, ''),
  },
  json: {
    contentType: 'application/feed+json; charset=utf-8',
    name: (plain) => plain,
    title: (plain) => plain,
    write: (feed) => feed.json1(),
  },
}

const MAX_TITLE = 120
const AUTHOR = 'TG Sentinel'
/** A feed has to link to something (RSS 2.0), and the sentinel does not know under which name the page is reached. */
const HOME = 'https://t.me/'

/** The same alerts give the same bytes: nothing in them is of the moment in which they are asked for. */
export async function feedDocument(
  format: FeedFormat,
  { profile, alerts, createdAtMs }: FeedContent,
): Promise<FeedDocument> {
  const { Feed } = await import('feed')
  const form = FORMS[format]
  const feed = new Feed({
    id: `urn:tgsentinel:profile:${profile.id}`,
    title: form.name(allowed(profile.name)),
    description: 'Alerts of TG Sentinel',
    link: HOME,
    updated: new Date(alerts[0]?.created_at ?? createdAtMs),
    author: { name: AUTHOR },
    generator: AUTHOR,
  })
  for (const alert of alerts) feed.addItem(entryOf(alert, form))
  const bytes = Buffer.from(form.write(feed))
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  return { contentType: form.contentType, bytes, etag }
}

function entryOf(alert: Alert, form: Form): Parameters<Feed['addItem']>[0] {
  const text = allowed(saidIn(alert)).trim()
  const { link } = alert
  const postedAt = new Date(alert.posted_at)
  return {
    id: `urn:tgsentinel:alert:${alert.id}`,
    title: form.title(`${allowed(alert.chat.title)}: ${headlineOf(text)}`),
    content: escaped(text).replaceAll('\n', '<br>\n'),
    date: postedAt,
    published: postedAt,
    // Optional in each of the formats, though not in the library's types: a basic group has none.
    link: (link ?? undefined) as string,
  }
}

function headlineOf(text: string): string {
  const [line = ''] = text.split('\n', 1)
  return cutToPoints(line.trimEnd(), MAX_TITLE)
}

/** Without what XML 1.0 forbids (section 2.2, Char), whichever way it is written: one such character and no reader takes the feed. */
function allowed(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
}

/** xml-js 1.6 splits only the first end of a section in a text: from the second on, what follows would be markup. */
function withoutSectionEnd(text: string): string {
  return text.replaceAll(']]>', ']] >')
}

/** xml-js 1.6 takes what looks like an escaped ampersand for one. */
function ampersandsKept(text: string): string {
  return text.replaceAll('&', '&amp;')
}
