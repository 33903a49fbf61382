import type { GalleryProfile } from '../model'
import { words } from './words'

export const RELEASES: readonly GalleryProfile[] = [
  {
    slug: 'releases',
    topic: 'Releases',
    profile: {
      name: 'Releases and breaking changes',
      description:
        'New versions of software, and above all what they break: removals, deprecations, ends of support. Name your own software in a query to hear of it alone.',
      min_score: 3,
      keywords: {
        importance: words(
          3,
          `breaking change, end of life, end of support, deprecated, deprecation, migration guide,
          backward incompatible, drops support, release notes, release candidate, now generally available, changelog,
          ломающее изменение, обратно несовместимое, конец поддержки, прекращение поддержки, устарел,
          список изменений, кандидат в релизы, руководство по миграции`,
        ),
        release: words(
          1.5,
          `release, new version, LTS, beta, stable, upgrade, update, now available, ships with,
          релиз, выпущен, вышла версия, новая версия, бета, стабильная, обновление, доступна для скачивания`,
        ),
      },
      queries: [
        { query: 're:/(^|\\s)v?\\d+\\.\\d+\\.\\d+/', weight: 1.5 },
        {
          query: 'version NEAR/4 released OR version NEAR/4 available OR версия NEAR/4 вышла OR версия NEAR/4 доступна',
          weight: 1.5,
        },
      ],
    },
  },
  {
    slug: 'research',
    topic: 'Research',
    profile: {
      name: 'Research and papers',
      description:
        'New papers, preprints, data sets and benchmarks. Add your field to the queries, as in: "protein folding" OR фолдинг.',
      min_score: 3,
      keywords: {
        importance: words(
          3,
          `arXiv, preprint, bioRxiv, medRxiv, peer-reviewed, state of the art, randomized trial, meta-analysis,
          accepted at NeurIPS, accepted at ICML, call for papers, открытая рецензия, препринт, рецензируемый журнал,
          метаанализ, рандомизированное исследование, приём статей`,
        ),
        general: words(
          1.5,
          `paper, study, dataset, benchmark, findings, researchers, authors, experiment, thesis, open source model, citation, journal,
          статья, исследование, датасет, набор данных, бенчмарк, учёные, исследователи, авторы, эксперимент, диссертация, журнал`,
        ),
      },
      queries: [
        { query: 're:/arxiv\\.org\\/(abs|pdf)|doi\\.org\\/10\\./i', weight: 3 },
        {
          query: 'new NEAR/4 paper OR new NEAR/4 study OR новая NEAR/4 статья OR новое NEAR/4 исследование',
          weight: 1.5,
        },
      ],
    },
  },
  {
    slug: 'launches-funding',
    topic: 'Launches and funding',
    profile: {
      name: 'Launches and funding',
      description: 'Products that are launched, companies that raise money, programmes that take applications.',
      min_score: 3,
      keywords: {
        opportunity: words(
          3,
          `seed round, pre-seed, Series A, Series B, Series C, raised funding, venture round, Product Hunt, public beta,
          grant programme, accelerator, we are live, officially launched, launching today,
          посевной раунд, привлёк инвестиции, привлекла инвестиции, венчурный раунд, грантовая программа, акселератор,
          официальный запуск, запускаем сегодня, открытая бета`,
        ),
        general: words(
          1.5,
          `launch, startup, founder, investor, valuation, raises, funding, pitch, unicorn, early access, waitlist,
          запуск, запустили, стартап, основатель, инвестор, оценка компании, инвестиции, финансирование, грант, ранний доступ`,
        ),
      },
      queries: [
        {
          query:
            'rais* NEAR/6 million OR rais* NEAR/6 billion OR привлек* NEAR/6 млн OR привлек* NEAR/6 миллион OR привлек* NEAR/6 миллиард',
          weight: 3,
        },
      ],
    },
  },
  {
    slug: 'mergers-acquisitions',
    topic: 'Mergers and acquisitions',
    profile: {
      name: 'Mergers and acquisitions',
      description: 'Companies that buy, merge with or sell one another, and rumours of it.',
      min_score: 3,
      keywords: {
        decision: words(
          3,
          `merger, takeover bid, hostile takeover, definitive agreement, leveraged buyout, due diligence, letter of intent,
          antitrust approval, tender offer, acquisition of, acquires, слияние, поглощение, сделка по покупке,
          покупка компании, приобретает компанию, контрольный пакет, предложение о покупке, одобрение ФАС`,
        ),
        general: words(
          1.5,
          `acquisition, acquired, buyout, deal, stake, shareholders, divestiture, spin-off, bid, subsidiary,
          приобретение, выкуп, сделка, доля, акционеры, дочерняя компания, продажа актива, оферта`,
        ),
      },
      queries: [
        {
          query:
            'company NEAR/6 acquir* OR stake NEAR/6 acquir* OR company NEAR/6 bought OR компания NEAR/6 купил* OR доля NEAR/6 приобрел*',
          weight: 1.5,
        },
      ],
    },
  },
]
