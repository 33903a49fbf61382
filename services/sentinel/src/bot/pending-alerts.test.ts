import { SAMPLE_ALERT } from '../templates/alert-variables'
import { nextTelling, type ToldSoFar } from './pending-alerts'

const ALERTS = [4, 3, 2, 1].map((id) => ({ ...SAMPLE_ALERT, id, text: `text ${id}`, score: id === 3 ? 9 : 1 }))
const list = {
  list: ({ limit, beforeId = Infinity }: { limit: number; beforeId?: number | undefined }) => ({
    alerts: ALERTS.filter(({ id }) => id < beforeId).slice(0, limit),
    next_cursor: null,
  }),
}
const sofar = (part: Partial<ToldSoFar>): ToldSoFar => ({ toldUpTo: 1, ahead: new Set(), isHeld: () => false, ...part })

describe('what the bot tells next', () => {
  it('is everything that is new', async () => {
    expect(await nextTelling(list, sofar({}))).toMatchObject({ upTo: 4, ahead: [] })
  })

  it('is what is not held, ahead of what is', async () => {
    const isHeld = ({ score }: { score: number }) => score < 5
    const telling = await nextTelling(list, sofar({ isHeld }))
    expect(telling).toMatchObject({ ahead: [3] })
    expect(telling?.text).toContain('text 3')
    expect(telling?.text).not.toContain('text 4')
    expect(await nextTelling(list, sofar({ isHeld, ahead: new Set([3]) }))).toBeNull()
  })

  it('is not told again what was told ahead', async () => {
    const telling = await nextTelling(list, sofar({ ahead: new Set([3]) }))
    expect(telling).toMatchObject({ upTo: 4, ahead: [] })
    expect(telling?.text).toMatch(/text 2[^]*text 4/)
    expect(telling?.text).not.toContain('text 3')
  })
})
