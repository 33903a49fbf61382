import { parseArgs } from 'node:util'
import { BOUNDARIES } from './boundaries'
import { runSeed, type SeedReport } from './seed-run'

const SHOWN = 12

/** `npm run faults -- --seeds N [--seed S] [--jobs J] [--patience seconds] [--too-long | --no-too-long]`: a line for each seed; ends with 1 where one went wrong. */
async function main(): Promise<void> {
  const { seeds, jobs, ...options } = readOptions()
  const reports: SeedReport[] = []
  const work = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const report = await runSeed(seed, options)
      reports.push(report)
      say(lineOf(report))
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  say(totalsOf(reports))
  process.exitCode = reports.every(({ differences }) => differences.length === 0) ? 0 : 1
}

function readOptions() {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      seeds: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '2' },
      patience: { type: 'string', default: '60' },
      'too-long': { type: 'boolean' },
    },
  })
  const first = Number(values.seed)
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => first + index)
  const tooLong = values['too-long']
  const patienceMs = Number(values.patience) * 1000
  return { seeds, jobs: Number(values.jobs), patienceMs, ...(tooLong !== undefined && { tooLong }) }
}

function lineOf({ seed, differences, folder, ...report }: SeedReport): string {
  const { posted, stored, edits, deletions, crashes, seconds, restSeconds } = report
  const figures = `posted ${posted}, stored ${stored}, edits ${edits}, deletions ${deletions}, crashes ${crashes}`
  const line = `seed ${seed}: ${figures}, ${seconds.toFixed(1)} s, at rest after ${restSeconds.toFixed(1)} s:`
  if (!folder) return `${line} ok`
  const more = differences.length - SHOWN
  const shown = differences.slice(0, SHOWN).map((text) => `  ${text}`)
  return [
    `${line} ${differences.length} DIFFERENCES, kept in ${folder}`,
    ...shown,
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ].join('\n')
}

function totalsOf(reports: SeedReport[]): string {
  const sum = (of: (report: SeedReport) => number) => reports.reduce((total, report) => total + of(report), 0)
  const wrong = reports.filter(({ differences }) => differences.length > 0).map(({ seed }) => seed)
  const cut = new Set(reports.flatMap(({ cutAt }) => cutAt.map((point) => point.replace(/:\d+$/, ''))))
  const never = BOUNDARIES.filter((boundary) => !cut.has(boundary))
  return [
    `${reports.length} seeds: posted ${sum(({ posted }) => posted)}, stored ${sum(({ stored }) => stored)}, ` +
      `edits ${sum(({ edits }) => edits)}, deletions ${sum(({ deletions }) => deletions)}, ` +
      `crashes ${sum(({ crashes }) => crashes)} (${sum(({ cutAt }) => cutAt.length)} at a boundary)`,
    `boundaries cut at: ${cut.size} of ${BOUNDARIES.length}${never.length > 0 && never.length <= SHOWN ? `; not at ${never.join(', ')}` : ''}`,
    wrong.length > 0 ? `WRONG: ${wrong.sort((a, b) => a - b).join(', ')}` : 'all right',
  ].join('\n')
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

void main()
