import { DAY, HOUR } from '@tgsentinel/kernel/time'
import { latestSlot, nextSlot, slotsBetween, type Schedule, type ScheduleKind } from './schedules'
import { isTimeZone, shown } from './wall-time'

const at = (iso: string) => Date.parse(iso)
const schedule = (kind: ScheduleKind, time = '00:00', weekday: Schedule['weekday'] = 'monday'): Schedule => ({
  ...{ kind, at: time, weekday },
})
const between = (what: Schedule, zone: string, from: string, to: string) =>
  slotsBetween(what, zone, at(from), at(to)).map((ms) => new Date(ms).toISOString().replace(':00.000Z', 'Z'))

/** Beginnings of the days, in UTC, within which the clocks of a zone are set. */
function daysWithLeaps(zone: string, fromMs: number, toMs: number): number[] {
  const clock = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
  const offset = (ms: number) => clock.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value
  const days = Array.from({ length: (toMs - fromMs) / DAY }, (_, day) => fromMs + day * DAY)
  return days.filter((day) => offset(day) !== offset(day + DAY))
}

const TABLE: [string, Schedule, string, string, string, string[]][] = [
  [
    'daily at a time that the clock leaps over is due the moment after the leap',
    schedule('daily', '02:30'),
    'Europe/Berlin',
    '2026-03-27T12:00Z',
    '2026-03-30T12:00Z',
    ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  ],
  [
    'daily at a time that comes twice is due once, the first time',
    schedule('daily', '02:30'),
    'Europe/Berlin',
    '2026-10-24T12:00Z',
    '2026-10-26T12:00Z',
    ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ],
  [
    'daily keeps its time of day when summer time begins',
    schedule('daily', '08:00'),
    'America/New_York',
    '2026-03-07T00:00Z',
    '2026-03-10T00:00Z',
    ['2026-03-07T13:00Z', '2026-03-08T12:00Z', '2026-03-09T12:00Z'],
  ],
  [
    'hourly is due each hour that passes, also those that the clock shows twice',
    schedule('hourly', '00:30'),
    'Europe/Berlin',
    '2026-10-24T23:45Z',
    '2026-10-25T03:45Z',
    ['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z', '2026-10-25T03:30Z'],
  ],
  [
    'hourly is not due for the hour that the clock leaps over',
    schedule('hourly', '00:15'),
    'Europe/Berlin',
    '2027-03-28T00:00Z',
    '2027-03-28T03:00Z',
    ['2027-03-28T00:15Z', '2027-03-28T01:15Z', '2027-03-28T02:15Z'],
  ],
  [
    'hourly, where the leap begins within an hour of the clock',
    schedule('hourly', '00:50'),
    'Pacific/Chatham',
    '2026-09-26T12:30Z',
    '2026-09-26T15:30Z',
    ['2026-09-26T13:05Z', '2026-09-26T14:05Z', '2026-09-26T15:05Z'],
  ],
  [
    'hourly, where half an hour is left out: never sooner than an hour after the last',
    schedule('hourly', '00:45'),
    'Australia/Lord_Howe',
    '2026-10-03T14:00Z',
    '2026-10-03T18:00Z',
    ['2026-10-03T14:15Z', '2026-10-03T15:15Z', '2026-10-03T16:45Z', '2026-10-03T17:45Z'],
  ],
  [
    'hourly, where half an hour comes twice',
    schedule('hourly', '00:45'),
    'Australia/Lord_Howe',
    '2026-04-04T13:00Z',
    '2026-04-04T17:30Z',
    ['2026-04-04T13:45Z', '2026-04-04T14:45Z', '2026-04-04T16:15Z', '2026-04-04T17:15Z'],
  ],
  [
    'hourly, over a day that a zone left out',
    schedule('hourly', '00:20'),
    'Pacific/Apia',
    '2011-12-30T09:00Z',
    '2011-12-30T11:30Z',
    ['2011-12-30T09:20Z', '2011-12-30T10:20Z', '2011-12-30T11:20Z'],
  ],
  [
    'every four hours is by the clock, over a leap, too',
    schedule('every_4h', '02:30'),
    'Europe/Berlin',
    '2026-03-28T21:00Z',
    '2026-03-29T09:00Z',
    ['2026-03-28T21:30Z', '2026-03-29T01:00Z', '2026-03-29T04:30Z', '2026-03-29T08:30Z'],
  ],
  [
    'every six hours is counted from its time, from midnight on',
    schedule('every_6h', '20:15'),
    'UTC',
    '2026-01-01T00:00Z',
    '2026-01-02T00:00Z',
    ['2026-01-01T02:15Z', '2026-01-01T08:15Z', '2026-01-01T14:15Z', '2026-01-01T20:15Z'],
  ],
  [
    'every twelve hours knows zones of odd offsets',
    schedule('every_12h', '09:00'),
    'Asia/Kathmandu',
    '2026-05-01T00:00Z',
    '2026-05-02T00:00Z',
    ['2026-05-01T03:15Z', '2026-05-01T15:15Z'],
  ],
  [
    'daily, in a zone of half an hour of summer time',
    schedule('daily', '02:15'),
    'Australia/Lord_Howe',
    '2026-10-02T00:00Z',
    '2026-10-05T00:00Z',
    ['2026-10-02T15:45Z', '2026-10-03T15:30Z', '2026-10-04T15:15Z'],
  ],
  [
    'daily, over the 29th of February of a leap year',
    schedule('daily', '23:59'),
    'UTC',
    '2028-02-28T00:00Z',
    '2028-03-02T00:00Z',
    ['2028-02-28T23:59Z', '2028-02-29T23:59Z', '2028-03-01T23:59Z'],
  ],
  [
    'daily, over a day that a zone left out: the moment after it',
    schedule('daily', '08:00'),
    'Pacific/Apia',
    '2011-12-29T00:00Z',
    '2012-01-01T00:00Z',
    ['2011-12-29T18:00Z', '2011-12-30T10:00Z', '2011-12-30T18:00Z', '2011-12-31T18:00Z'],
  ],
  [
    'weekly is due on its day of the week, where it is that day',
    schedule('weekly', '00:30', 'monday'),
    'Pacific/Auckland',
    '2026-11-01T00:00Z',
    '2026-11-16T00:00Z',
    ['2026-11-01T11:30Z', '2026-11-08T11:30Z', '2026-11-15T11:30Z'],
  ],
]

describe('slots', () => {
  it.each(TABLE)('%s', (_what, what, zone, from, to, expected) => {
    expect(between(what, zone, from, to)).toEqual(expected)
  })

  it('are after the beginning and up to the end', () => {
    const daily = schedule('daily', '08:00')
    expect(between(daily, 'UTC', '2026-01-01T08:00Z', '2026-01-02T08:00Z')).toEqual(['2026-01-02T08:00Z'])
    expect(between(daily, 'UTC', '2026-01-02T08:00Z', '2026-01-01T08:00Z')).toEqual([])
  })

  it('are the same in whatever parts a time is looked at', () => {
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe'])
      for (const kind of ['hourly', 'every_4h', 'daily', 'weekly'] as const) {
        const what = schedule(kind, '02:30', 'sunday')
        const [from, to] = [at('2026-03-28T00:00Z'), at('2026-04-06T00:00Z')]
        const whole = slotsBetween(what, zone, from, to)
        const walked: number[] = []
        for (let slot = nextSlot(what, zone, from); slot <= to; slot = nextSlot(what, zone, slot)) walked.push(slot)
        expect(walked).toEqual(whole)
        expect(latestSlot(what, zone, from, to)).toBe(whole.at(-1))
      }
  })

  it.each([
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'America/New_York',
    'Antarctica/Troll',
    'Africa/Casablanca',
  ])('of what is hourly are an hour apart or more, and as many as hours pass, in %s', (zone) => {
    const leaps = daysWithLeaps(zone, at('2026-01-01T00:00Z'), at('2028-01-01T00:00Z'))
    expect(leaps.length).toBeGreaterThanOrEqual(4)
    for (const leap of leaps)
      for (const minute of ['00', '15', '30', '45', '59']) {
        const slots = slotsBetween(schedule('hourly', `00:${minute}`), zone, leap - DAY, leap + 2 * DAY)
        const pauses = slots.slice(1).map((slot, index) => slot - (slots[index] as number))
        expect(Math.min(...pauses)).toBe(HOUR)
        expect(Math.max(...pauses)).toBeLessThanOrEqual(1.5 * HOUR)
        expect(Math.abs(slots.length - 72)).toBeLessThanOrEqual(1)
      }
  })

  it('have no latest one where none is in the time', () => {
    expect(
      latestSlot(schedule('weekly', '08:00', 'monday'), 'UTC', at('2026-11-17T00:00Z'), at('2026-11-18T00:00Z')),
    ).toBe(undefined)
  })
})

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('is %s', (name) => {
    expect(isTimeZone(name)).toBe(true)
  })

  it.each(['', 'Mars/Olympus', '+02:00', 'Europe', '../etc/passwd', 'Berlin'])('is not %j', (name) => {
    expect(isTimeZone(name)).toBe(false)
  })

  it('shows a moment by its own clocks', () => {
    expect(shown(at('2026-11-21T07:05Z'), 'Europe/Berlin')).toBe('Sat 21 Nov 2026, 08:05')
  })
})
