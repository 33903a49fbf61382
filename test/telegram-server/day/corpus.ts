/** Sentences by theme and language; {version}, {number}, {product} and {name} are filled in when a message is made. */

export type Language = 'en' | 'ru' | 'uk' | 'de' | 'ja'
export type Theme = 'chatter' | 'release' | 'question' | 'promotion' | 'snippet' | 'work'

type Corpus = Record<Theme, string[]>

export const CORPUS: Record<Language, Corpus> = {
  en: {
    chatter: [
      'Morning all, coffee first, then the backlog.',
      'Did anyone watch the keynote? Two hours for one slide.',
      'haha, that meme is now in our runbook',
      'I am on the train, connection comes and goes.',
      'Lunch at {number}? The noodle place has opened again.',
      'Thanks {name}, that did the trick!',
      'Weekend plans: nothing at all, and I am looking forward to it.',
      'Heads up, I will be away from keyboard until four.',
      'Our cat has learned to open the server cabinet.',
      'Rain again. At least the bikes are quiet.',
    ],
    release: [
      '**{product} {version} is out.** Faster cold start, smaller images, {number} fixes. Notes: https://example.org/{product}/{version}',
      '{product} {version}: the query planner no longer scans the whole table for an empty IN list.',
      'Tagged {version}. Breaking: the config key `listen` is now `address`. [Migration guide](https://example.org/migrate)',
      'Nightly build {number} of {product} is green, please try it on staging. #release',
    ],
    question: [
      'How do I pass a secret to {product} without it ending up in the process list?',
      'Is there a way to see which of the {number} replicas is behind?',
      'Has anybody got {product} {version} to run on ARM?',
      '{name}, do you remember where we keep the certificates for the test cluster?',
      'What is the difference between a lease and a lock here?',
    ],
    promotion: [
      'Only today: {number} % off every course! Join now 👉 https://example.com/sale',
      'Grow your channel with real readers. First {number} subscribers free!',
      'Earn from home, no experience needed. Write to us in private.',
    ],
    snippet: [
      'This works for me:\n```bash\nkubectl get pods -A --field-selector status.phase!=Running\n```',
      'Smallest reproduction I could find:\n```ts\nconst ids = [{number}, 2, 3]\nids.sort()\n```\nand yes, it sorts as text.',
      'Use `git rebase --onto main {version}` and be done with it.',
    ],
    work: [
      'Review of the {product} change is done, two small remarks.',
      'Minutes of the meeting are in the wiki, {name} takes over the migration.',
      'Build {number} failed in the integration stage, I am on it.',
      'Budget for next quarter is approved.',
    ],
  },
  ru: {
    chatter: [
      'Всем доброе утро! Кто сегодня в офисе?',
      'Ну и погода, в Питере опять снег.',
      'Спасибо, {name}, всё заработало.',
      'Кто-нибудь едет на конференцию в этом году?',
      'Обед в {number}? Я за борщ.',
    ],
    release: [
      '**Вышла {product} {version}.** Исправлено {number} ошибок, ускорен запуск. https://example.org/ru/{product}',
      'Обновили зеркало пакетов, {product} {version} уже доступна.',
    ],
    question: [
      'Подскажите, как настроить репликацию в {product}?',
      'У кого-нибудь собирается {version} под Windows?',
      'Почему индекс не используется при сортировке по двум полям?',
    ],
    promotion: [
      'Скидка {number} % на все курсы только сегодня! https://example.com/ru',
      'Заработок без вложений, пишите в личку.',
    ],
    snippet: ['Вот так у меня работает:\n```sql\nSELECT id FROM jobs WHERE state = {number} LIMIT 1\n```'],
    work: ['Задача по {product} закрыта, проверьте на стенде.', 'Созвон перенесли на час позже.'],
  },
  uk: {
    chatter: ['Доброго ранку, як ваші справи?', 'Дякую, {name}, дуже допомогло!', 'Хто сьогодні на зв’язку ввечері?'],
    release: ['**Вийшла {product} {version}.** Виправлено {number} помилок. https://example.org/uk/{product}'],
    question: ['Чи хтось уже переходив на {version}? Є підводні камені?', 'Як подивитися журнал за вчора?'],
    promotion: ['Знижка {number} % на квитки до кінця тижня!'],
    snippet: ['Спробуйте так:\n```python\nprint(sorted(items)[:{number}])\n```'],
    work: ['Звіт готовий, поклав у спільну теку.', 'Нарада завтра о десятій.'],
  },
  de: {
    chatter: [
      'Guten Morgen zusammen!',
      'Danke {name}, genau das hat gefehlt.',
      'Wer kommt heute mit in die Mittagspause?',
    ],
    release: [
      '**{product} {version} ist da.** {number} Fehler behoben, Start schneller. https://example.org/de/{product}',
    ],
    question: ['Weiß jemand, wie man {product} hinter einem Proxy betreibt?', 'Wann wird das Zertifikat erneuert?'],
    promotion: ['Nur heute: {number} % Rabatt auf alle Karten!'],
    snippet: ['So geht es bei mir:\n```yaml\nretries: {number}\n```'],
    work: ['Die Abnahme ist verschoben.', 'Protokoll liegt im Wiki.'],
  },
  ja: {
    chatter: [
      'おはようございます。今日もよろしくお願いします。',
      'お昼はラーメンにしませんか？',
      '{name}さん、ありがとうございます！助かりました。',
    ],
    release: [
      '**{product} {version} を公開しました。** {number} 件の不具合を修正しています。https://example.org/ja/{product}',
    ],
    question: ['{product} のログはどこに保存されますか？', '{version} に上げた方はいますか？'],
    promotion: ['本日限り {number}% オフ！お見逃しなく。'],
    snippet: ['これで動きました。\n```go\nfor i := range {number} { fmt.Println(i) }\n```'],
    work: ['レビューが終わりました。コメントを二つ残しています。', '会議は午後三時からに変更です。'],
  },
}

export const PRODUCTS = ['nginx', 'postgres', 'redis', 'grafana', 'node', 'kubelet', 'traefik', 'sqlite']

/** All of it in one list, for load that looks like talk. */
export const CORPUS_TEXTS: string[] = Object.values(CORPUS)
  .flatMap((themes) => Object.values(themes).flat())
  .map((text) =>
    text
      .replaceAll('{product}', 'postgres')
      .replaceAll('{version}', '17.2')
      .replace(/\{\w+\}/g, '12'),
  )
