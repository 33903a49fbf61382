import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { figure, percentile, type Figure } from './figure'
import { Stack } from './stack'

const ROUNDS = 9

/** POST /api/session/import as multipart, from the first byte sent to the reply, median of several. */
export async function benchImport(root: string): Promise<Figure[]> {
  const fixtures = join(root, 'test/fixtures/sessions')
  const small = readFileSync(join(fixtures, 'a01_minimal_v7.session'))
  const large = gunzipSync(readFileSync(join(fixtures, 'a16_large_just_under_10MiB.session.gz')))
  const stack = new Stack(root)
  try {
    await stack.startSentinel(1)
    return [
      figure('import of 30 KB', await medianMs(stack, small), 'ms', 'lower', 60),
      figure('import of 10 MB (88,905 entities)', await medianMs(stack, large), 'ms', 'lower', 120),
    ]
  } finally {
    await stack.close()
  }
}

async function medianMs(stack: Stack, bytes: Buffer): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const form = new FormData()
    form.set('session_file', new Blob([new Uint8Array(bytes)]), 'bench.session')
    const startedAt = performance.now()
    const reply = await fetch(`${stack.sentinelUrl}/api/session/import`, { method: 'POST', body: form })
    await reply.arrayBuffer()
    if (!reply.ok) throw new Error(`import was refused with ${reply.status}`)
    times.push(performance.now() - startedAt)
  }
  return percentile(times, 0.5)
}
