import type { GalleryProfile } from '../model'
import { words } from './words'

export const WORK: readonly GalleryProfile[] = [
  {
    slug: 'compliance',
    topic: 'Compliance and regulation',
    profile: {
      name: 'Compliance and regulation',
      description: 'Laws, fines, sanctions, licences and audits. Add your regulator or law to the queries.',
      min_score: 3,
      keywords: {
        risk: words(
          3,
          `GDPR, AML, KYC, consent order, enforcement action, sanctions list, regulatory filing, data protection authority, was fined,
          licence revoked, license revoked, subpoena, whistleblower, AI Act, MiCA, Роскомнадзор, 152-ФЗ, 115-ФЗ, персональные данные,
          санкционный список, отозвана лицензия, отзыв лицензии, оштрафован, предписание регулятора`,
        ),
        general: words(
          1.5,
          `regulator, regulation, compliance, audit, fine, penalty, law, directive, sanctions, lawsuit, court, SEC, legislation, licence,
          регулятор, регулирование, комплаенс, аудит, штраф, закон, законопроект, санкции, иск, суд, лицензия, проверка`,
        ),
      },
      queries: [
        {
          query:
            'new NEAR/3 law OR new NEAR/3 rules OR новый NEAR/3 закон OR новый NEAR/3 законопроект OR новые NEAR/3 правила',
          weight: 1.5,
        },
        { query: '"comes into force" OR "takes effect" OR вступа* NEAR/3 силу OR вступил* NEAR/3 силу', weight: 2 },
      ],
    },
  },
  {
    slug: 'jobs-hiring',
    topic: 'Jobs and hiring',
    profile: {
      name: 'Jobs and hiring',
      description:
        'Open positions. Add your trade to the queries with a weight of 2, as in: designer OR дизайнер, and raise min_score to 5.',
      min_score: 3,
      keywords: {
        opportunity: words(
          3,
          `we are hiring, we're hiring, job opening, open position, vacancy, send your CV, send your resume, apply now,
          join our team, looking for a developer, вакансия, ищем разработчика, ищем в команду, присылайте резюме,
          откликнуться, приглашаем в команду, требуется сотрудник`,
        ),
        general: words(
          1.5,
          `hiring, salary, remote, full-time, part-time, internship, freelance, recruiter, interview, position, relocation, onboarding,
          зарплата, удалёнка, удалённо, полная занятость, стажировка, фриланс, рекрутер, собеседование, оклад, релокация, опыт работы`,
        ),
      },
      queries: [{ query: '(salary OR зарплата OR оклад OR вилка) AND re:/\\d{2,}/', weight: 1.5 }],
    },
  },
  {
    slug: 'meetings-deadlines',
    topic: 'Meetings and deadlines',
    profile: {
      name: 'Meetings and deadlines',
      description: 'Calls, meetings and dates by which something is due, and what was moved or called off.',
      min_score: 3,
      keywords: {
        urgency: words(
          3,
          `deadline, due today, due tomorrow, by end of day, EOD, meeting moved, meeting cancelled, rescheduled, starts in, running late,
          overdue, last day to, дедлайн, крайний срок, до конца дня, встреча перенесена, встреча отменена, перенесли созвон,
          последний день, просрочено, срок истекает`,
        ),
        action: words(
          1.5,
          `meeting, call, Zoom, agenda, calendar, invite, standup, sync, tomorrow, reminder, appointment, join,
          встреча, созвон, звонок, повестка, календарь, приглашение, завтра, напоминание, планёрка, совещание, запись на приём`,
        ),
      },
      queries: [
        { query: '(meeting OR call OR встреча OR созвон) AND re:/\\d{1,2}[:.]\\d{2}/', weight: 2 },
        { query: 're:/(zoom\\.us|meet\\.google\\.com|teams\\.microsoft\\.com|telemost\\.yandex)\\//i', weight: 2 },
      ],
    },
  },
]
