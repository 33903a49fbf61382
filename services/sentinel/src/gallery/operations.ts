import type { GalleryProfile } from '../model'
import { words } from './words'

export const OPERATIONS: readonly GalleryProfile[] = [
  {
    slug: 'security',
    topic: 'Security',
    profile: {
      name: 'Security: vulnerabilities and breaches',
      description:
        'New vulnerabilities, attacks and leaks. A CVE number or a word such as "zero day" is enough; weaker words need company. ' +
        'Add the names of what you run to the queries, as in: nginx AND (patch OR vulnerability).',
      min_score: 3,
      keywords: {
        security: words(
          3,
          `zero day, 0day, remote code execution, RCE, privilege escalation, authentication bypass, SQL injection, ransomware,
          data breach, data leak, supply chain attack, actively exploited, proof of concept exploit, security advisory, backdoor,
          нулевого дня, удалённое выполнение кода, повышение привилегий, обход аутентификации, утечка данных, вымогатель,
          шифровальщик, атака на цепочку поставок, бэкдор, активно эксплуатируется`,
        ),
        risk: words(
          1.5,
          `vulnerability, exploit, malware, phishing, botnet, hacked, compromised, leaked, DDoS, trojan, infostealer, credentials,
          уязвимость, эксплойт, вредонос, фишинг, взлом, взломали, скомпрометирован, утечка, слили базу, троян, ботнет`,
        ),
        action: words(
          1.5,
          `patch, security update, mitigation, workaround, update immediately, rotate your keys,
          патч, обновление безопасности, заплатка, срочно обновите, обновитесь, смените пароли`,
        ),
      },
      queries: [
        { query: 're:/CVE-\\d{4}-\\d{4,7}/i', weight: 3 },
        { query: '(vulnerability OR уязвимость) AND (critical OR критическая OR severe)', weight: 1.5 },
        {
          query: 'database NEAR/5 leaked OR database NEAR/5 dump OR база NEAR/5 слив OR база NEAR/5 утекла',
          weight: 3,
        },
      ],
    },
  },
  {
    slug: 'incidents',
    topic: 'Incidents and outages',
    profile: {
      name: 'Incidents and outages',
      description:
        'Something that people rely on does not work: outages, degraded service, data loss, and the news that it works again.',
      min_score: 3,
      keywords: {
        risk: words(
          3,
          `outage, service disruption, major incident, data loss, data centre fire, status page, degraded performance, postmortem, post-mortem, root cause, SEV1, SEV-1, P1 incident,
          массовый сбой, потеря данных, аварийные работы, деградация сервиса, разбор инцидента, первопричина`,
        ),
        urgency: words(
          1.5,
          `incident, downtime, unavailable, not responding, timeouts, failover, rollback, on call, escalation, went down,
          инцидент, авария, сбой, простой, недоступен, не отвечает, таймаут, лежит, упал, откат, дежурный, эскалация`,
        ),
        general: words(
          1.5,
          `production, prod, database, cluster, data center, API errors, error rate, latency, 502, 503, 504,
          продакшен, прод, база данных, кластер, дата-центр, ЦОД, ошибки, задержки`,
        ),
      },
      queries: [
        {
          query:
            '=service NEAR/4 =down OR =site NEAR/4 =down OR =server NEAR/4 =down OR =API NEAR/4 =down OR server NEAR/4 unreachable',
          weight: 3,
        },
        {
          query:
            'сервис NEAR/4 лежит OR сайт NEAR/4 лежит OR сервер NEAR/4 упал OR сайт NEAR/4 упал OR сайт NEAR/4 "не работает" OR сервис NEAR/4 "не работает"',
          weight: 3,
        },
        { query: '"incident resolved" OR "service restored" OR "работа восстановлена" OR "сбой устранён"', weight: 3 },
      ],
    },
  },
  {
    slug: 'devops',
    topic: 'DevOps',
    profile: {
      name: 'DevOps: deployments and CI',
      description:
        'Builds that fail, deployments that go out or are rolled back, certificates and disks that run out. Made for chats with bots of CI and monitoring.',
      min_score: 3,
      keywords: {
        action: words(
          3,
          `build failed, pipeline failed, deployment failed, tests failed, job failed, deploy freeze, rolled back, rollback started,
          health check failed, out of memory, OOMKilled, CrashLoopBackOff, disk full, certificate expires, quota exceeded,
          сборка упала, сборка сломана, пайплайн упал, тесты упали, деплой не прошёл, откатили, закончилось место, диск заполнен,
          сертификат истекает, не хватает памяти`,
        ),
        general: words(
          1.5,
          `deploy, deployment, pipeline, build, staging, migration, Kubernetes, Terraform, Helm, Docker, CI, merge freeze, hotfix,
          деплой, деплоим, выкатка, раскатка, пайплайн, сборка, стейджинг, миграция, хотфикс, кубер`,
        ),
        urgency: words(
          1.5,
          `failed, broken, stuck, blocked, aborted, alert, firing, упал, сломан, завис, заблокирован, алерт, ошибка`,
        ),
      },
      queries: [
        {
          query:
            'deploy* NEAR/6 production OR deploy* NEAR/6 prod OR деплой NEAR/6 прод OR выкатка NEAR/6 прод OR деплой NEAR/6 продакшен',
          weight: 3,
        },
      ],
    },
  },
]
