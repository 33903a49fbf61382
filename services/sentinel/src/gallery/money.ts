import type { GalleryProfile } from '../model'
import { words } from './words'

export const MONEY: readonly GalleryProfile[] = [
  {
    slug: 'crypto-markets',
    topic: 'Crypto markets',
    profile: {
      name: 'Crypto: markets',
      description:
        'Moves and events of crypto markets: liquidations, listings, unlocks, halvings, funds. The name of a coin alone is not enough.',
      min_score: 3,
      keywords: {
        opportunity: words(
          3,
          `liquidations, liquidated, all-time high, token unlock, exchange listing, will list, delisting, depeg, halving,
          spot ETF, ETF inflows, ETF outflows, whale alert, short squeeze, funding rate, open interest,
          ликвидации, ликвидировано, исторический максимум, разблокировка токенов, листинг, делистинг, халвинг,
          приток в ETF, отток из ETF, потерял привязку`,
        ),
        general: words(
          1,
          `bitcoin, BTC, ethereum, ETH, stablecoin, USDT, altcoin, Binance, Coinbase, staking, DeFi, token, airdrop,
          биткоин, эфир, стейблкоин, альткоин, бинанс, стейкинг, токен, аирдроп, крипта`,
        ),
        urgency: words(
          1.5,
          `surges, plunges, dumps, rallies, crash, breakout, rises, falls, volatility,
          взлетел, рухнул, обвал, падение, рост, пробил уровень, волатильность, просадка`,
        ),
      },
      queries: [{ query: '(BTC OR bitcoin OR ETH OR биткоин OR эфир) AND re:/\\d+([.,]\\d+)?\\s?%/', weight: 2 }],
    },
  },
  {
    slug: 'crypto-scams',
    topic: 'Crypto scams and hacks',
    profile: {
      name: 'Crypto: scams and hacks',
      description:
        'Protocols that were drained, bridges that were hacked, projects that ran away, wallets that are at risk.',
      min_score: 3,
      keywords: {
        security: words(
          3,
          `rug pull, rugpull, drainer, bridge hack, flash loan attack, funds stolen, private key leaked,
          exit scam, honeypot token, revoke approvals, address poisoning, withdrawals suspended, withdrawals paused,
          раг пул, рагпул, дрейнер, средства украдены, украли средства, вывод средств приостановлен, скам-проект, экзит-скам,
          отзовите разрешения, слили ликвидность`,
        ),
        risk: words(
          1.5,
          `hacked, drained, exploited, stolen, phishing, scam, seed phrase, Ponzi, fraud, laundering,
          взломан, взломали, украдено, фишинг, скам, мошенники, сид-фраза, пирамида, отмыв`,
        ),
        general: words(
          1.5,
          `protocol, bridge, smart contract, exchange, wallet, DeFi, crypto, token, USDT, ETH,
          протокол, мост, смарт-контракт, биржа, кошелёк, крипта, токен`,
        ),
      },
      queries: [
        {
          query:
            'hack* NEAR/8 exchange OR hack* NEAR/8 bridge OR hack* NEAR/8 wallet OR взлом* NEAR/8 биржа OR взлом* NEAR/8 мост OR взлом* NEAR/8 кошелёк',
          weight: 3,
        },
      ],
    },
  },
  {
    slug: 'market-moves',
    topic: 'Market moves',
    profile: {
      name: 'Market moves',
      description: 'Stocks, rates, currencies and commodities when they move, and the decisions that move them.',
      min_score: 3,
      keywords: {
        importance: words(
          3,
          `rate decision, rate hike, rate cut, key rate, earnings beat, earnings miss, profit warning, trading halted, circuit breaker,
          emergency meeting, downgraded, sovereign default, bear market, record high, ключевая ставка, повышение ставки,
          снижение ставки, торги приостановлены, отчётность лучше ожиданий, экстренное заседание, дефолт, исторический минимум`,
        ),
        general: words(
          1.5,
          `stocks, shares, bonds, yield, inflation, CPI, Fed, ECB, central bank, oil, gold, Nasdaq, S&P 500, ruble, dollar, futures,
          акции, облигации, доходность, инфляция, ФРС, ЕЦБ, ЦБ, Центробанк, нефть, золото, Мосбиржа, рубль, доллар, фьючерсы`,
        ),
        urgency: words(
          1.5,
          `plunge, surge, slump, soar, tumble, sell-off, rally, crash, обвал, рухнул, взлетел, падает, растёт, просел, распродажа`,
        ),
      },
      queries: [
        { query: '(stocks OR shares OR oil OR акции OR нефть OR рубль) AND re:/\\d+([.,]\\d+)?\\s?%/', weight: 1.5 },
      ],
    },
  },
  {
    slug: 'sales-deals',
    topic: 'Sales and deals',
    profile: {
      name: 'Sales and deals',
      description:
        'Discounts, promo codes and mistakes in prices. Add what you want to buy to the queries, as in: laptop AND discount.',
      min_score: 3,
      keywords: {
        opportunity: words(
          3,
          `promo code, coupon code, flash sale, price error, pricing mistake, lowest price ever, buy one get one, Black Friday,
          Cyber Monday, clearance sale, limited time offer, промокод, чёрная пятница, ошибка цены, самая низкая цена, распродажа,
          только сегодня скидка, два по цене одного`,
        ),
        general: words(
          1.5,
          `discount, sale, deal, cashback, free shipping, voucher, bargain, giveaway, price drop, cheaper,
          скидка, акция, кэшбэк, бесплатная доставка, купон, дешевле, снижение цены, выгодно, розыгрыш`,
        ),
      },
      queries: [
        { query: '(discount OR off OR скидка) AND re:/\\d{1,2}\\s?%/', weight: 2 },
        { query: '(sale OR deal OR скидка OR акция) AND has:link', weight: 1.5 },
      ],
    },
  },
]
