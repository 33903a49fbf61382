import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { ModelThreadData, Request, Said } from './protocol'

// Entry of the thread that a sentence model runs in.

/** What is used of `@huggingface/transformers` 3 and 4, which is not among our dependencies. */
interface Runtime {
  env: {
    allowRemoteModels: boolean
    allowLocalModels: boolean
    localModelPath: string
    useFSCache: boolean
    useBrowserCache: boolean
  }
  pipeline(task: 'feature-extraction', model: string, options: object): Promise<Extractor>
}
type Extractor = (texts: string[], options: object) => Promise<{ dims: number[]; data: Float32Array }>

/** Files that the runtime knows by these names, the most exact first. */
const FILES: readonly [file: string, dtype: string][] = [
  ['model.onnx', 'fp32'],
  ['model_fp16.onnx', 'fp16'],
  ['model_quantized.onnx', 'q8'],
  ['model_int8.onnx', 'int8'],
  ['model_q4.onnx', 'q4'],
]
const POOLING = { pooling: 'mean', normalize: true }

const { runtimeUrl, folder } = workerData as ModelThreadData
const port = parentPort
if (port) void serve((said) => port.postMessage(said))

async function serve(say: (said: Said) => void): Promise<void> {
  // Whatever the runtime would fetch, it has to be on the disk.
  globalThis.fetch = () => Promise.reject(new Error('A sentence model may not use the network.'))
  try {
    const extract = await load()
    const { dims } = await extract(['.'], POOLING)
    let turn: Promise<void> = Promise.resolve()
    port?.on('message', (request: Request) => (turn = turn.then(() => answer(extract, request, say))))
    say({ kind: 'ready', dimensions: dims.at(-1) ?? 0 })
  } catch (error) {
    say({ kind: 'failed', problem: problemOf(error) })
  }
}

async function load(): Promise<Extractor> {
  if (!existsSync(join(folder, 'config.json'))) throw new Error(`There is no model: ${folder} has no config.json.`)
  const [, dtype] = FILES.find(([file]) => existsSync(join(folder, 'onnx', file))) ?? []
  if (!dtype) throw new Error(`There is no model: ${folder} has no onnx/model.onnx or onnx/model_quantized.onnx.`)
  if (runtimeUrl === null)
    throw new Error(
      '@huggingface/transformers is not installed: npm install --no-save --ignore-scripts @huggingface/transformers',
    )
  const { env, pipeline } = (await import(runtimeUrl)) as Runtime
  const localModelPath = dirname(folder) + sep
  Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath })
  Object.assign(env, { useFSCache: false, useBrowserCache: false })
  const threads = { intraOpNumThreads: Math.max(1, Math.floor(cpus().length / 2)), interOpNumThreads: 1 }
  return pipeline('feature-extraction', basename(folder), { device: 'cpu', dtype, session_options: threads })
}

async function answer(extract: Extractor, { id, texts }: Request, say: (said: Said) => void): Promise<void> {
  try {
    const { data } = await extract(texts, POOLING)
    say({ kind: 'vectors', id, vectors: Float32Array.from(data) })
  } catch (error) {
    say({ kind: 'refused', id, problem: problemOf(error) })
  }
}

function problemOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300)
}
