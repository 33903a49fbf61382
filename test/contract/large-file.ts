import type { SentinelProcess } from '../support/sentinel-process'

/** Takes a second or two to be read, and holds nothing that can be used. */
const LARGE = `version: 1\nnothing:\n${Array.from({ length: 40_000 }, (_, index) => `- word${index}`).join('\n')}\n`

/** Sends a large file twice at once: one is refused, and the other is still being read when the file is returned. */
export async function whileAnotherIsRead({ api }: SentinelProcess, path: string): Promise<string> {
  const refusedOne = async () => {
    const { status } = await api.request('POST', path, { json: { content: LARGE } })
    if (status !== 409) throw new Error(`it was read: ${status}`)
  }
  await Promise.any([refusedOne(), refusedOne()])
  return LARGE
}
