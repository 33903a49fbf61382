import type { ProfileDraft } from '../model'

type Interest = NonNullable<ProfileDraft['interest']>

/** Likeness alone does not fire: it takes a word of the profile beside it. */
const WEIGHT = 2

function samples(positive: string[], negative: string[]): Interest {
  return { positive_samples: positive, negative_samples: negative, weight: WEIGHT }
}

/** What is meant, by whole messages, and what looks like it and is not; by the profile's slug. */
export const INTERESTS: Readonly<Record<string, Interest>> = {
  security: samples(
    [
      'A critical hole in the VPN gateway lets anybody run code without a password, updates are out',
      'A popular package was taken over and steals environment variables, check your lock files',
      'В почтовом сервере нашли уязвимость, хватает одного письма, обновитесь сегодня',
      'База клиентов выложена на форуме: имена, телефоны и хеши паролей',
    ],
    [
      'Learn ethical hacking in three months, places are limited',
      'We have checked everything: no vulnerability was found',
      'Курс по информационной безопасности, скидка до пятницы',
      'Ищем специалиста по безопасности в команду, удалённо',
    ],
  ),
  incidents: samples(
    [
      'Login fails for everybody since ten minutes, we are looking into it',
      'The European region of the provider is down, sites answer with errors',
      'С утра не проходят платежи картой, поддержка молчит',
      'Провайдер подтвердил аварию на узле, срок восстановления не назван',
    ],
    [
      'Everything works again, thanks for your patience',
      'Talk: what we learned from the great outage of last year',
      'Вебинар: как пережить сбой и не потерять клиентов',
      'Дежурю в субботу, если что — пишите',
    ],
  ),
  devops: samples(
    [
      'The build of main is red, the migration test fails on the new image',
      'Rolled back the deployment, memory grows after an hour',
      'Откатили релиз на проде, поды перезапускались по кругу',
      'Сборка в CI падает на тестах после обновления образа',
    ],
    [
      'We are looking for a DevOps engineer with five years of experience',
      'Курс по Kubernetes с нуля, старт в понедельник',
      'My favourite pipeline is the one that runs through Alaska',
    ],
  ),
  releases: samples(
    [
      'The new major version is out: the old API is gone, read the upgrade guide first',
      'Support of the old branch ends in March, security fixes included',
      'Вышла новая версия с несовместимыми изменениями, смотрите список',
      'Старый метод объявлен устаревшим и исчезнет в следующем выпуске',
    ],
    [
      'The trailer of the new season is out',
      'Our new menu is here, come and try',
      'Вышла новая серия, смотрим вечером',
    ],
  ),
  research: samples(
    [
      'A preprint shows that smaller models reach the same accuracy with better data',
      'The data set and the code of the paper are public now',
      'Учёные опубликовали результаты испытаний, препарат снизил риск вдвое',
      'Новая статья в Nature: телескоп увидел атмосферу далёкой планеты',
    ],
    [
      'Write your thesis with us, cheap and fast',
      'A study says that Mondays are the worst day, who would have thought',
      'Помощь с курсовыми и дипломами, недорого',
    ],
  ),
  'launches-funding': samples(
    [
      'The robotics company closed a round of 40 million led by two funds',
      'They left stealth today with a tool that writes tests',
      'Сервис доставки привлёк 300 миллионов рублей от фонда',
      'Запустили публичную бету, регистрация открыта для всех',
    ],
    [
      'How to pitch to investors: a workshop on Saturday',
      'Invest with us and earn twenty per cent a month',
      'Как привлечь инвестиции: бесплатный вебинар',
    ],
  ),
  'mergers-acquisitions': samples(
    [
      'The chip maker buys its rival for nine billion in shares',
      'The regulator blocks the sale of the airline',
      'Холдинг покупает контрольный пакет сети аптек',
      'Сделку по объединению банков одобрили акционеры обеих сторон',
    ],
    [
      'We sell and buy used phones, best prices',
      'Покупаем квартиры дорого, расчёт в день сделки',
      'Two teams merged into one, welcome everybody',
    ],
  ),
  'crypto-markets': samples(
    [
      'Bitcoin fell eight per cent within an hour, long positions for a billion were closed',
      'The exchange lists the token tomorrow at noon',
      'Эфир пробил четыре тысячи, приток в фонды третий день подряд',
      'Биржа исключает монету из торгов с понедельника',
    ],
    [
      'Our signals made three hundred per cent, join the private channel',
      'Обучение трейдингу с нуля, первый урок бесплатно',
      'I paid for my coffee with crypto, feels like the future',
    ],
  ),
  'crypto-scams': samples(
    [
      'The bridge was drained of sixty million, do not use it for now',
      'The founders are gone together with the money of the presale',
      'Биржа остановила вывод, пользователи жалуются вторые сутки',
      'Отзовите доступ для этого контракта, кошельки опустошают прямо сейчас',
    ],
    [
      'We return stolen coins, write to our lawyer',
      'Как распознать мошенников: короткий курс',
      'The audit of the protocol found nothing serious',
    ],
  ),
  compliance: samples(
    [
      'The authority fined the platform for keeping data of children',
      'The new rules for payment services apply from July',
      'Регулятор оштрафовал оператора за хранение данных без согласия',
      'Закон о персональных данных принят в третьем чтении',
    ],
    [
      'Online course for data protection officers, certificate included',
      'Юридические консультации, первая бесплатно',
      'The rules of the game are simple',
    ],
  ),
  'brand-mentions': samples(
    [
      'I waited two weeks for an answer and was sent away again, never again',
      'They charged me twice and nobody picks up the phone',
      'Заказ не привезли, деньги не вернули, поддержка отвечает шаблонами',
      'Спасибо сервису, заменили за день без вопросов',
    ],
    [
      'We sell reviews, any number, any site',
      'Накрутка отзывов и рейтинга, гарантия',
      'What shall I watch tonight? Any reviews?',
    ],
  ),
  'product-feedback': samples(
    [
      'Since the update the search finds nothing, version 5.2 on Android',
      'It would help a lot if one could export the list',
      'После обновления приложение вылетает при открытии настроек',
      'Добавьте, пожалуйста, тёмную тему, ночью невозможно читать',
    ],
    [
      'Our app has everything that you need, install it now',
      'Скачайте приложение и получите бонус',
      'The developer answered: it is fixed in the next version',
    ],
  ),
  'local-emergencies': samples(
    [
      'The river rises fast, people of the lower streets have to leave now',
      'Smoke over the market hall, stay away and keep the windows closed',
      'В районе вокзала пожар, движение перекрыто, закройте окна',
      'Штормовое предупреждение: ветер до тридцати метров, оставайтесь дома',
    ],
    ['Fire sale: everything must go', 'Учения пожарных пройдут в среду, не пугайтесь', 'This song is fire'],
  ),
  'travel-disruptions': samples(
    [
      'All trains to the airport are cancelled until noon because of the strike',
      'My flight is four hours late, they say it is the fog',
      'Рейс перенесли на утро, всех везут в гостиницу',
      'Пересадка между линиями закрыта до вечера',
    ],
    ['Last minute tours, hot prices', 'Горящие туры, вылет завтра', 'I love to watch planes from the hill'],
  ),
}
