import Ajv2020 from 'ajv/dist/2020'
import document from '../../../../openapi/generated/sentinel.json'
import { MessageFlag, type ProfileDraft } from '../model'
import { asProfile } from '../profiles/as-profile'
import { requireUsableQueries } from '../profiles/queries'
import { Scorer } from '../scoring/scoring'
import type { StoredMessage } from '../store/messages'
import { GALLERY } from './gallery'
import { INTERESTS } from './samples'

const ajv = new Ajv2020({ strict: false, validateSchema: false })
ajv.addSchema({ $id: 'contract', components: document.components })
const isDraft = ajv.compile({ $ref: 'contract#/components/schemas/ProfileDraft' })

/** What has to fire, in English and in Russian, and what is near it and must not. */
const SAMPLES: Record<string, { fires: [english: string, russian: string]; not: string[] }> = {
  security: {
    fires: [
      'CVE-2026-12345: remote code execution in a popular mail server, patch now',
      'В ядре нашли критическую уязвимость нулевого дня, её уже эксплуатируют',
    ],
    not: ['The new lock on our front door is great for security', 'Патч на джинсы пришили за пять минут'],
  },
  incidents: {
    fires: ['We are investigating an outage of the payments API', 'Массовый сбой: прод лежит, дежурный уже смотрит'],
    not: ['The database course begins on Monday', 'Вышел новый сезон сериала, сюжет лежит на поверхности'],
  },
  devops: {
    fires: ['main: pipeline failed in stage tests', 'Деплой на прод сломан, хотфикс в работе, сборка упала'],
    not: ['Who brings cake to the office on Friday?', 'Сборка мебели займёт два часа'],
  },
  releases: {
    fires: [
      'Version 4.0.0 released with breaking changes, see the migration guide',
      'Вышла версия 3.2.1: обновление и список изменений',
    ],
    not: ['The band plays songs of their first album tonight', 'Вечером обновление меню в кафе'],
  },
  research: {
    fires: [
      'New paper on arXiv: scaling laws for small models',
      'Новое исследование: учёные опубликовали препринт и набор данных',
    ],
    not: ['Please bring paper and pencils to class', 'Прочитал статью о грибах'],
  },
  'launches-funding': {
    fires: [
      'The startup raised funding: a Series A of 12 million',
      'Стартап привлёк инвестиции, посевной раунд закрыт',
    ],
    not: ['We launch the boat at noon', 'Запуск стиральной машины занимает минуту'],
  },
  'mergers-acquisitions': {
    fires: [
      'Both boards signed a definitive agreement for the merger',
      'Объявлено слияние двух банков, акционеры одобрили сделку',
    ],
    not: ['What a deal: two pizzas for one', 'Моя доля пирога — самая большая'],
  },
  'crypto-markets': {
    fires: ['Bitcoin plunges, liquidations pass one billion', 'Биткоин рухнул на 8%, ликвидации растут'],
    not: ['I bought my first bitcoin in 2013', 'Новый токен для входа в офис'],
  },
  'crypto-scams': {
    fires: ['The bridge was hacked, funds stolen from the protocol', 'Биржу взломали, вывод средств приостановлен'],
    not: ['We crossed the old bridge on foot', 'Кошелёк забыл дома'],
  },
  'market-moves': {
    fires: [
      'Fed surprises with a rate cut, stocks surge',
      'Центробанк изменил ключевую ставку, рубль падает: ключевая ставка 15%',
    ],
    not: ['Gold suits you well', 'Нефть — это полезное ископаемое'],
  },
  'sales-deals': {
    fires: ['Flash sale: 40% discount with a promo code', 'Скидка 50% по промокоду, распродажа до воскресенья'],
    not: ['It is no big deal', 'Акция протеста пройдёт мирно'],
  },
  'brand-mentions': {
    fires: ['Terrible service, I want a refund', 'Ужасный сервис, верните деньги'],
    not: ['A review of the rules is planned', 'Отзыв получен, спасибо всем'],
  },
  moderation: {
    fires: ['Please ban this spam bot', 'Лёгкий заработок! Пишите в личку, доход каждый день'],
    not: ['The admin wishes everybody a good night', 'Модератор сегодня в отпуске'],
  },
  'product-feedback': {
    fires: [
      'The app crashes when I rotate the screen, here are the steps to reproduce',
      'После обновления не работает поиск, баг, всё тормозит',
    ],
    not: ['He is a slow reader', 'Функция монотонно возрастает'],
  },
  'decisions-votes': {
    fires: [
      'It was decided: the proposal passed unanimously',
      'Голосуйте до пятницы, решение принято единогласно не будет',
    ],
    not: ['I agree with you', 'Предложение состоит из слов'],
  },
  compliance: {
    fires: [
      'The bank was fined for AML failures by the regulator',
      'Роскомнадзор оштрафовал компанию: персональные данные',
    ],
    not: ['The law of gravity still holds', 'Суд над вкусом невозможен'],
  },
  'jobs-hiring': {
    fires: [
      'We are hiring a backend engineer, remote, send your CV',
      'Открыта вакансия аналитика, удалённо, присылайте резюме',
    ],
    not: ['I had a long interview with my cat', 'Удалённо напоминает классику'],
  },
  'meetings-deadlines': {
    fires: ['The deadline is on Friday', 'Встреча перенесена на завтра, созвон в 15:30'],
    not: ['I will call my cat Tom', 'Завтра будет солнечно'],
  },
  'travel-disruptions': {
    fires: ['Flight delayed by three hours, gate change to B12', 'Рейс задержан, аэропорт закрыт до утра'],
    not: ['The train of thought was lost', 'Метро красиво украсили'],
  },
  family: {
    fires: ['Where are you? Call me', 'Ты где? Перезвони, пожалуйста'],
    not: ['Say hello to the kids', 'Школа начинается в сентябре'],
  },
  'sign-in-codes': {
    fires: ['Your login code: 48213', 'Ваш код подтверждения 482-137'],
    not: ['The code of the project is on the server', 'Новый код прошёл проверку'],
  },
  'mentions-replies': {
    fires: ['@alex what do you think?', 'Алекс, что думаешь? Жду ответа'],
    not: ['I think so', 'Думаю, да'],
  },
  'local-emergencies': {
    fires: ['Flash flood warning: evacuate the lower town', 'Ракетная опасность! Всем укрыться, воздушная тревога'],
    not: ['His speech was on fire', 'Полиция поздравила ветеранов'],
  },
}

function message(text: string): StoredMessage {
  const place = {
    row: 1,
    chatId: 5,
    messageId: 1,
    topicId: null,
    senderId: 5,
    date: 0,
    replyToId: null,
    groupedId: null,
  }
  const flags = text.startsWith('@alex') ? MessageFlag.namesMe | MessageFlag.mentioned : 0
  return { ...place, text, flags, media: null, chatKind: 'private', chatUsername: null, senderUsername: null }
}

describe('the gallery', () => {
  it('has profiles of many topics, each with a slug, a name and a description of its own', () => {
    expect(GALLERY.length).toBeGreaterThanOrEqual(20)
    for (const field of [GALLERY.map(({ slug }) => slug), GALLERY.map(({ profile }) => profile.name)])
      expect(new Set(field).size).toBe(GALLERY.length)
    expect(GALLERY.filter(({ profile }) => !profile.description)).toEqual([])
    expect(Object.keys(SAMPLES).sort()).toEqual(GALLERY.map(({ slug }) => slug).sort())
  })

  it('has samples for profiles that are there, and none that fires by likeness alone', () => {
    const found = GALLERY.filter(({ profile }) => profile.interest)
    expect(found.map(({ slug }) => slug).sort()).toEqual(Object.keys(INTERESTS).sort())
    const least = (profile: ProfileDraft) => (profile.min_score ?? 1) - (profile.interest?.weight ?? 0)
    expect(found.filter(({ profile }) => least(profile) <= 0)).toEqual([])
  })

  describe.each(GALLERY.map(({ slug, profile }) => [slug, profile] as const))('%s', (slug, profile) => {
    const { fires, not } = SAMPLES[slug] ?? { fires: [], not: [] }

    it('is one that createProfile takes, with queries that can be understood', () => {
      expect([isDraft(profile), isDraft.errors]).toEqual([true, null])
      expect(() => requireUsableQueries(profile)).not.toThrow()
    })

    it('says each word once', () => {
      const words = Object.values(profile.keywords ?? {}).flatMap((category) => category.words)
      expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
    })

    it.each(fires)('fires on "%s"', (text) => {
      expect(new Scorer([asProfile(profile)], []).score(message(text))).toHaveLength(1)
    })

    it.each(not)('keeps quiet on "%s"', (text) => {
      expect(new Scorer([asProfile(profile)], []).score(message(text))).toEqual([])
    })
  })
})
