import { Asking } from '../web/src/asking'

interface Pending {
  answer: (text: string) => void
  fail: () => void
}

/** The questions that were asked, to be answered by hand, and what was told of the answers. */
function start() {
  const asked: Pending[] = []
  const told: string[] = []
  const question = () =>
    new Promise<string>((resolve, reject) => asked.push({ answer: resolve, fail: () => reject(new Error('away')) }))
  const asking = new Asking(
    question,
    (answer) => told.push(answer),
    () => told.push('failed'),
  )
  asking.ask()
  return { asking, asked, told }
}

/** Lets everything that a settled promise leads to happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('there is one question at a time, and another once it was answered', async () => {
  const { asking, asked, told } = start()
  asking.ask()
  asked[0]?.answer('one')
  await settled()
  expect([asked.length, told]).toEqual([1, ['one']])
  asking.ask()
  asked[1]?.fail()
  await settled()
  expect(told).toEqual(['one', 'failed'])
})

test('asking anew while an answer is on its way takes that and asks once more', async () => {
  const { asking, asked, told } = start()
  asking.askAnew()
  asking.askAnew()
  expect(asked).toHaveLength(1)
  asked[0]?.answer('before')
  await settled()
  asked[1]?.answer('after')
  await settled()
  expect([asked.length, told]).toEqual([2, ['before', 'after']])
})

test('an answer that was overtaken is not told, and asked for again', async () => {
  const { asking, asked, told } = start()
  asking.overtake()
  asked[0]?.answer('old')
  await settled()
  asked[1]?.answer('new')
  await settled()
  expect([asked.length, told]).toEqual([2, ['new']])
})

test('what is heard while nothing is asked changes nothing', async () => {
  const { asking, asked, told } = start()
  asked[0]?.answer('one')
  await settled()
  asking.overtake()
  asking.askAnew()
  asked[1]?.answer('two')
  await settled()
  expect([asked.length, told]).toEqual([2, ['one', 'two']])
})

test('a question that fails is repeated where something was heard', async () => {
  const { asking, asked, told } = start()
  asking.overtake()
  asked[0]?.fail()
  await settled()
  asked[1]?.answer('one')
  await settled()
  expect(told).toEqual(['failed', 'one'])
})
