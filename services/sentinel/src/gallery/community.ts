import type { GalleryProfile } from '../model'
import { words } from './words'

export const COMMUNITY: readonly GalleryProfile[] = [
  {
    slug: 'brand-mentions',
    topic: 'Brand mentions',
    profile: {
      name: 'Brand: reviews and complaints',
      description:
        'What customers say: complaints, praise, refunds, calls for a boycott. It fires for any brand until you say which: add a query with your names and a weight of 3, as in: "Acme Cloud" OR @acmecloud, and raise min_score to 5.',
      min_score: 3,
      keywords: {
        risk: words(
          3,
          `want a refund, customer support never, do not buy, don't buy, avoid this company, class action, boycott, false advertising,
          one star, terrible service, worst experience, верните деньги, возврат денег, не покупайте, не советую, ужасный сервис,
          отвратительная поддержка, коллективный иск, бойкот, обманули клиентов`,
        ),
        general: words(
          1.5,
          `review, complaint, refund, customer support, brand, disappointed, recommend, scam company, quality, rude,
          отзыв, жалоба, возврат, поддержка, бренд, разочарован, рекомендую, качество, хамство, гарантия`,
        ),
      },
      queries: [
        {
          query:
            'support NEAR/5 awful OR support NEAR/5 useless OR service NEAR/5 awful OR поддержка NEAR/5 бесполезн* OR сервис NEAR/5 ужас*',
          weight: 2,
        },
      ],
    },
  },
  {
    slug: 'moderation',
    topic: 'Moderation',
    profile: {
      name: 'Moderation: spam and abuse',
      description:
        'For those who look after a group: calls for an admin, reports, spam, offers of easy money, threats.',
      min_score: 3,
      keywords: {
        action: words(
          3,
          `report spam, ban him, ban this user, please ban, spam bot, hate speech, death threat, doxxing, NSFW,
          ask an admin, забаньте, спам-бот, угрозы убийством, травля, разжигание, деанон, админ удалите, удалите спам`,
        ),
        risk: words(
          1.5,
          `spam, scammer, abuse, harassment, insult, threat, offensive, flood, fake account, moderator, admin,
          спам, мошенник, оскорбление, угроза, домогательство, флуд, фейк, модератор, админ, провокация`,
        ),
        general: words(
          2,
          `easy money, guaranteed profit, passive income, write me in private, DM me for details, earn from home, no risk,
          лёгкий заработок, гарантированный доход, пассивный доход, пишите в личку, пиши в лс, заработок без вложений, без риска`,
        ),
      },
      queries: [{ query: '(earn* OR заработ* OR доход) AND (has:link OR "private message" OR личку)', weight: 2 }],
    },
  },
  {
    slug: 'product-feedback',
    topic: 'Product feedback',
    profile: {
      name: 'Product feedback',
      description: 'Bugs, wishes and praise of users. Best with a scope: name the chats of your product.',
      min_score: 3,
      keywords: {
        importance: words(
          3,
          `feature request, bug report, please add, would be great if, doesn't work, stopped working, after the update, crashes when,
          steps to reproduce, I wish it could, было бы здорово, добавьте возможность, не работает после обновления,
          перестало работать, сообщить об ошибке, шаги воспроизведения, хотелось бы видеть`,
        ),
        general: words(
          1.5,
          `bug, crash, feedback, feature, suggestion, confusing, slow, annoying, UX, usability, broken, freezes,
          баг, вылетает, отзыв, функция, предложение, неудобно, тормозит, глючит, зависает, сломано, интерфейс`,
        ),
      },
      detectors: { question: 0.5, media: 0.5 },
    },
  },
  {
    slug: 'decisions-votes',
    topic: 'Decisions and votes',
    profile: {
      name: 'Decisions and votes',
      description: 'Polls, votes and what was decided, in groups that decide something together.',
      min_score: 3,
      keywords: {
        decision: words(
          3,
          `we decided, it was decided, decision made, final decision, vote now, please vote, voting ends, proposal passed,
          proposal rejected, quorum, resolution adopted, approved by, unanimously, мы решили, решено, решение принято,
          окончательное решение, голосуйте, проголосуйте, голосование заканчивается, предложение принято, кворум, единогласно`,
        ),
        general: words(
          1.5,
          `vote, poll, proposal, consensus, approve, reject, agree, motion, board, referendum, ballot,
          голосование, опрос, предложение, консенсус, утвердить, отклонить, согласны, правление, собрание, референдум`,
        ),
      },
      detectors: { poll: 3 },
    },
  },
]
