import type { ChannelKind } from '../world/model'
import type { Language, Theme } from './corpus'

export interface CastMember {
  key: string
  firstName: string
  lastName?: string
  username?: string
  isBot?: boolean
}

export interface CastChat {
  key: string
  kind: 'private' | 'group' | ChannelKind
  title: string
  language: Language
  themes: Theme[]
  username?: string
  topics?: string[]
  /** How much is said in it compared with the others. */
  weight: number
}

/** The account whose day it is. */
export const OWNER: CastMember = { key: 'owner', firstName: 'Alex', lastName: 'Morgan', username: 'alexmorgan' }

export const PEOPLE: CastMember[] = [
  { key: 'mara', firstName: 'Mara', lastName: 'Lindqvist', username: 'maralind' },
  { key: 'tom', firstName: 'Tom', lastName: 'Okafor', username: 'tomokafor' },
  { key: 'irina', firstName: 'Ирина', lastName: 'Соколова', username: 'irinasok' },
  { key: 'pavel', firstName: 'Павел', lastName: 'Орлов' },
  { key: 'olena', firstName: 'Олена', lastName: 'Коваль', username: 'olenakoval' },
  { key: 'taras', firstName: 'Тарас', lastName: 'Мельник' },
  { key: 'jonas', firstName: 'Jonas', lastName: 'Weber', username: 'jonasweber' },
  { key: 'greta', firstName: 'Greta', lastName: 'Vogel' },
  { key: 'yuki', firstName: '由紀', lastName: '田中', username: 'yukitanaka' },
  { key: 'kenji', firstName: '健司', lastName: '佐藤' },
  { key: 'priya', firstName: 'Priya', lastName: 'Nair', username: 'priyanair' },
  { key: 'luis', firstName: 'Luis', lastName: 'Ferreira', username: 'luisferr' },
  { key: 'codes', firstName: 'Account Codes', username: 'account_codes_bot', isBot: true },
  { key: 'ci', firstName: 'Build Watch', username: 'build_watch_bot', isBot: true },
]

const talk: Theme[] = ['chatter', 'chatter', 'question', 'work']
const engineering: Theme[] = ['question', 'snippet', 'chatter', 'work', 'release']
const news: Theme[] = ['release', 'release', 'promotion']

/** Forty chats; private ones are named by the person on the other side. */
export const CHATS: CastChat[] = [
  ...PEOPLE.slice(0, 8).map((person) => privateChat(person.key)),
  privateChat('codes', 1),
  privateChat('ci', 1),
  chat('group', 'family', 'Family', 'en', ['chatter'], 3),
  chat('group', 'flat', 'Hausgemeinschaft', 'de', talk, 2),
  chat('group', 'football', 'Футбол по средам', 'ru', ['chatter'], 2),
  chat('group', 'oncall', 'On-call handover', 'en', ['work', 'chatter'], 3),
  chat('group', 'trip', '旅行の計画', 'ja', ['chatter'], 1),
  chat('group', 'parents', 'Батьки 3-Б', 'uk', ['chatter', 'work'], 2),
  chat('supergroup', 'platform', 'Platform team', 'en', engineering, 6),
  chat('supergroup', 'nodejs', 'Node.js chat', 'en', engineering, 5, 'nodejs_chat_demo'),
  chat('supergroup', 'pgru', 'PostgreSQL по-русски', 'ru', engineering, 5, 'pg_ru_demo'),
  chat('supergroup', 'devua', 'Розробники UA', 'uk', engineering, 4, 'dev_ua_demo'),
  chat('supergroup', 'linuxde', 'Linux-Stammtisch', 'de', engineering, 4),
  chat('supergroup', 'gojp', 'Go言語 日本', 'ja', engineering, 4, 'go_jp_demo'),
  chat('supergroup', 'startups', 'Startup talk', 'en', [...talk, 'promotion'], 4),
  chat('supergroup', 'photography', 'Street photography', 'en', ['chatter'], 2),
  chat('supergroup', 'security', 'AppSec circle', 'en', engineering, 4),
  chat('supergroup', 'flea', 'Барахолка', 'ru', ['promotion', 'question'], 3),
  forum('homelab', 'Homelab', 'en', ['Hardware', 'Networking', 'Backups']),
  forum('product', 'Product council', 'en', ['Roadmap', 'Incidents', 'Customers']),
  forum('devopsru', 'DevOps форум', 'ru', ['Kubernetes', 'Мониторинг', 'Вакансии']),
  forum('anime', 'アニメ広場', 'ja', ['雑談', '新作']),
  chat('channel', 'releases', 'Release radar', 'en', news, 4, 'release_radar_demo'),
  chat('channel', 'advisories', 'Security advisories', 'en', ['release'], 2, 'sec_advisories_demo'),
  chat('channel', 'status', 'Cloud status', 'en', ['work'], 2, 'cloud_status_demo'),
  chat('channel', 'opennetru', 'Новости открытых проектов', 'ru', news, 3, 'open_news_ru_demo'),
  chat('channel', 'uatech', 'Технології щодня', 'uk', news, 2, 'ua_tech_demo'),
  chat('channel', 'detech', 'Technik am Morgen', 'de', news, 2),
  chat('channel', 'jptech', '技術ニュース', 'ja', news, 2, 'jp_tech_demo'),
  chat('channel', 'deals', 'Deals of the day', 'en', ['promotion'], 3, 'deals_demo'),
  chat('channel', 'citynews', 'City news', 'en', ['chatter'], 2),
  chat('channel', 'company', 'Company announcements', 'en', ['work', 'release'], 2),
]

const SPEAKERS: Record<Language, string[]> = {
  en: ['mara', 'tom', 'priya', 'luis', 'jonas'],
  ru: ['irina', 'pavel', 'taras'],
  uk: ['olena', 'taras', 'pavel'],
  de: ['jonas', 'greta', 'mara'],
  ja: ['yuki', 'kenji', 'luis'],
}

export function speakersOf({ language }: CastChat): string[] {
  return SPEAKERS[language]
}

function privateChat(key: string, weight = 2): CastChat {
  const languages: Record<string, Language> = {
    irina: 'ru',
    pavel: 'ru',
    olena: 'uk',
    taras: 'uk',
    jonas: 'de',
    greta: 'de',
  }
  return { key, kind: 'private', title: key, language: languages[key] ?? 'en', themes: talk, weight }
}

function chat(
  kind: CastChat['kind'],
  key: string,
  title: string,
  language: Language,
  themes: Theme[],
  weight: number,
  username?: string,
): CastChat {
  return { key, kind, title, language, themes, weight, ...(username === undefined ? {} : { username }) }
}

function forum(key: string, title: string, language: Language, topics: string[]): CastChat {
  return { ...chat('forum', key, title, language, engineering, 3), topics }
}
