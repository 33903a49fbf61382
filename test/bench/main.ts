import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { benchAlerts } from './alerts'
import { benchApi } from './api'
import { benchBacktest } from './backtest'
import { benchCatchUp } from './catch-up'
import { tableOf, type Figure } from './figure'
import { benchIngest } from './ingest'
import { benchPage } from './page'
import { benchRelevance } from './relevance'
import { benchScoring } from './scoring'
import { benchStories } from './stories'
import { benchSearch } from './search'
import { benchImport } from './session-import'

const PARTS: Record<string, (root: string) => Figure[] | Promise<Figure[]>> = {
  scoring: benchScoring,
  relevance: benchRelevance,
  stories: benchStories,
  page: benchPage,
  import: benchImport,
  ingest: benchIngest,
  'catch-up': benchCatchUp,
  backtest: benchBacktest,
  api: benchApi,
  alerts: benchAlerts,
}

/** Only where it is named: filling a database of ten million messages takes minutes. */
const LONG: typeof PARTS = { search: benchSearch }

async function main([root = '.', ...named]: string[]): Promise<void> {
  const figures: Figure[] = []
  for (const [name, bench] of Object.entries({ ...PARTS, ...LONG })) {
    if (named.length > 0 ? !named.includes(name) : name in LONG) continue
    process.stderr.write(`${name} …\n`)
    figures.push(...(await bench(root)))
  }
  const machine = { cores: cpus().length, model: cpus()[0]?.model, node: process.version }
  writeFileSync(
    join(root, 'test/reports/bench.json'),
    JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2),
  )
  process.stdout.write(`${tableOf(figures)}\n`)
}

void main(process.argv.slice(2))
