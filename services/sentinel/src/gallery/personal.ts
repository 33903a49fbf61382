import type { GalleryProfile } from '../model'
import { words } from './words'

export const PERSONAL: readonly GalleryProfile[] = [
  {
    slug: 'travel-disruptions',
    topic: 'Travel and disruptions',
    profile: {
      name: 'Travel and disruptions',
      description:
        'Flights, trains and roads: delays, cancellations, strikes, closures. Add your airport or line to the queries.',
      min_score: 3,
      keywords: {
        risk: words(
          3,
          `flight cancelled, flight delayed, gate change, airspace closed, airport closed, rail strike, train cancelled,
          road closed, border closed, missed connection, рейс отменён, рейс задержан, рейс задерживается, аэропорт закрыт,
          план «Ковёр», поезд отменён, забастовка, дорога перекрыта, граница закрыта, движение остановлено`,
        ),
        general: words(
          1.5,
          `flight, airport, train, delay, cancelled, strike, evacuation, boarding, luggage, traffic jam, diversion, visa,
          рейс, аэропорт, поезд, задержка, отмена, отменён, эвакуация, посадка, багаж, пробка, метро, электричка, виза`,
        ),
      },
      queries: [{ query: 're:/\\b[A-Z]{2}\\s?\\d{3,4}\\b/ AND (delay* OR cancel* OR задерж* OR отмен*)', weight: 2 }],
    },
  },
  {
    slug: 'family',
    topic: 'Family and personal',
    profile: {
      name: 'Family: call me, where are you',
      description: 'Private chats and small groups alone: somebody needs you now. Put your family into VIP senders.',
      min_score: 3,
      keywords: {
        urgency: words(
          3,
          `call me, call back, where are you, are you ok, are you okay, pick up the phone, need your help, emergency, in hospital,
          had an accident, lost my keys, come home, перезвони, позвони мне, набери меня, ты где, где ты, возьми трубку,
          ты в порядке, нужна помощь, в больнице, попал в аварию, скорая, приезжай, потеряла ключи`,
        ),
        general: words(
          1.5,
          `urgent, urgently, please, mum, mom, dad, kids, school, doctor, hurry, asap,
          срочно, пожалуйста, мама, папа, дети, школа, врач, скорее, быстрее`,
        ),
      },
      detectors: { private: 0.5, question: 0.5 },
      vip_weight: 2,
      scope: { kinds: ['private', 'group'] },
    },
  },
  {
    slug: 'sign-in-codes',
    topic: 'Sign-in codes',
    profile: {
      name: 'Sign-in codes',
      description: 'Codes for signing in or confirming, and warnings that somebody signs in as you.',
      min_score: 3,
      detectors: { one_time_code: 3 },
      keywords: {
        security: words(
          3,
          `new login, new sign-in, login code, verification code, unusual sign-in, password was changed, password reset requested,
          новый вход, вход в аккаунт, код подтверждения, код для входа, пароль изменён, пароль был изменён, сброс пароля`,
        ),
      },
    },
  },
  {
    slug: 'mentions-replies',
    topic: 'Mentions and replies',
    profile: {
      name: 'Mentions and replies',
      description: 'Whoever names you or answers you, anywhere; and those who ask for an answer from everybody.',
      min_score: 3,
      detectors: { mention: 3, reply_to_me: 3, question: 1, private: 1 },
      keywords: {
        action: words(
          2,
          `what do you think, your opinion, waiting for your reply, waiting for your answer, please respond, please confirm,
          что думаешь, что скажешь, ваше мнение, жду ответа, ждём ответа, ответьте пожалуйста, подтвердите`,
        ),
      },
      queries: [{ query: 're:/@(all|everyone|channel)\\b/i', weight: 2 }],
    },
  },
  {
    slug: 'local-emergencies',
    topic: 'Local emergencies',
    profile: {
      name: 'Local emergencies',
      description:
        'Danger near you: weather, fires, attacks, water and power. Name the channels of your town in the scope, or the town in a query.',
      min_score: 3,
      keywords: {
        urgency: words(
          3,
          `evacuate, evacuation order, take shelter, seek shelter, air raid, missile alert, tsunami warning, tornado warning, flash flood,
          active shooter, state of emergency, boil water, gas leak, эвакуация, воздушная тревога, ракетная опасность, опасность БПЛА,
          укройтесь, штормовое предупреждение, режим ЧС, чрезвычайная ситуация, утечка газа, угроза цунами, паводок`,
        ),
        risk: words(
          1.5,
          `fire, explosion, flood, earthquake, storm, blackout, power outage, water outage, wildfire, collapse, siren, police, ambulance,
          пожар, взрыв, наводнение, землетрясение, ураган, шторм, отключение света, без света, отключение воды, обрушение, сирена, МЧС,
          полиция, скорая`,
        ),
      },
      queries: [
        {
          query:
            '"no power" OR "no electricity" OR "no water" OR "нет света" OR "без света" OR "нет воды" OR "без воды" OR "без электричества"',
          weight: 2,
        },
      ],
    },
  },
]
