import { facets, mediaOf } from './facets'
import { languageOf } from './language'
import { Words } from './words'
import { MessageFlag } from '../model'

const words = new Words()
const of = (text: string) => languageOf(text, words.of(text))

test.each([
  ['en', 'The release is out and we have to deploy it today'],
  ['en', 'thanks'],
  ['ru', 'Уязвимость в ядре, обновитесь как можно скорее'],
  ['ru', 'Всё готово, спасибо'],
  ['ru', 'новый выпуск'],
  ['uk', 'Вразливість у ядрі, оновіть якнайшвидше'],
  ['uk', 'Дякую, це вже готово'],
  ['de', 'Das ist nicht der Fehler, den wir gesucht haben'],
  ['de', 'Schöne Grüße'],
  ['fr', 'Nous avons corrigé le problème dans la dernière version'],
  ['es', 'La reunión es mañana por la tarde y no hay más plazas'],
  ['it', 'Il problema è stato risolto nella nuova versione, grazie'],
  ['pt', 'A reunião não é amanhã, mas depois'],
  ['tr', 'Toplantı bugün değil, yarın saat üçte olacak ve herkes için açık'],
  ['zh', '服务器今天晚上维护'],
  ['ja', 'サーバーのメンテナンスは今夜です'],
  ['ja', '今日は東京都庁で会議'],
  ['ko', '오늘 저녁 서버 점검이 있습니다'],
  ['ar', 'تم إصلاح المشكلة اليوم'],
  [null, 'این مشکل چگونه حل شد'],
  [null, 'Deploy 1.2.3'],
  [null, 'Αθήνα'],
  [null, '12:30'],
  [null, '🔥🔥'],
  [null, ''],
])('%s: %s', (language, text) => {
  expect(of(text)).toBe(language)
})

test.each<[what: string, facts: { flags?: number; media?: string; mimeType?: string }, has: string[]]>([
  ['a text', {}, []],
  ['a link in code', { flags: MessageFlag.link | MessageFlag.code }, ['link', 'code']],
  ['a photo that was forwarded', { flags: 80, media: 'photo' }, ['forward', 'media', 'photo']],
  ['a file', { flags: 64, media: 'document', mimeType: 'application/pdf' }, ['media', 'document']],
  ['a file of which nothing is known', { flags: 64, media: 'document' }, ['media', 'document']],
  ['a video', { flags: 64, media: 'document', mimeType: 'video/mp4' }, ['media', 'video']],
  ['a voice message', { flags: 64, media: 'document', mimeType: 'audio/ogg' }, ['media', 'audio']],
  ['a sticker', { flags: 64, media: 'document', mimeType: 'image/webp' }, ['media', 'sticker']],
  ['a place', { flags: 64, media: 'geo_live' }, ['media', 'location']],
  ['a poll', { flags: 64, media: 'poll' }, ['media', 'poll']],
  ['what nobody filters by', { flags: 64, media: 'dice' }, ['media']],
  ['a service message', { media: 'service:pin_message' }, []],
])('%s has %j', (_what, { flags = 0, media = null, mimeType = null }, has) => {
  expect(mediaOf({ flags, media, mimeType })).toEqual(has)
})

test('no facet looks like a word', () => {
  const all = [facets.chat(-100), facets.sender(5), facets.topic(-100, 3), facets.has('code'), facets.language(null)]
  expect([...all, facets.own, facets.deleted].every((facet) => facet.startsWith('='))).toBe(true)
})
