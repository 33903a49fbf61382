/** What the thread of the model is started with. */
export interface ModelThreadData {
  /** Where the runtime is, `@huggingface/transformers`; null where it is not installed. */
  runtimeUrl: string | null
  /** Folder of the model. */
  folder: string
}

/** What the thread is asked: to read texts. */
export interface Request {
  id: number
  texts: string[]
}

/** What it says, of itself first. */
export type Said =
  | { kind: 'ready'; dimensions: number }
  | { kind: 'failed'; problem: string }
  /** `vectors`: one after the other. */
  | { kind: 'vectors'; id: number; vectors: Float32Array }
  | { kind: 'refused'; id: number; problem: string }
