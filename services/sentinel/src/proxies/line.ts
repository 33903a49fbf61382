import type { Socket } from 'node:net'
import { SECOND } from '@tgsentinel/kernel/time'
import type { DialError } from './dial-error'

/** How bytes are dressed for what is between us and a data centre. Each call is for the next bytes, once. */
export interface Coding {
  /** How packets of MTProto are laid into them: an MTProxy takes no `full` ones. */
  framing: 'full' | 'intermediate' | 'padded'
  seal: (data: Buffer) => Buffer
  /** @throws Error where what came is no such thing */
  open: (chunk: Buffer) => Buffer[]
}

export const PLAIN: Coding = { framing: 'full', seal: (data) => data, open: (chunk) => [chunk] }

/** Who watches what becomes of a line. */
export interface LineWatch {
  /** The far side has answered: the line works. */
  onHeard: () => void
  /** Nothing was ever heard: nothing came for a while (`silent`), or the other side ended it. Says why. */
  onMute: (isSilent: boolean) => DialError
  onEnd: () => void
}

/** A line on which nothing is heard for so long after the first word is given up. */
const SILENCE_MS = 6 * SECOND

/** A connection to a data centre, whatever is between. Who has it reads and closes its socket. */
export class Line {
  /** Why it ended without a word. */
  problem: DialError | undefined
  private isHeard = false
  private silence: NodeJS.Timeout | undefined

  constructor(
    readonly socket: Socket,
    private readonly coding: Coding = PLAIN,
    private readonly watch?: LineWatch,
  ) {
    // Closed by us it has no error and no end: nothing is held against anybody.
    socket.once('end', () => this.judge(false))
    socket.once('error', () => this.judge(false))
    socket.once('close', () => this.end())
  }

  get framing(): Coding['framing'] {
    return this.coding.framing
  }

  write(data: Buffer): void {
    this.socket.write(this.coding.seal(data))
    if (this.watch && !this.isHeard) this.silence ??= setTimeout(() => this.giveUp(), SILENCE_MS)
  }

  /** What came, undressed. @throws Error where it is no such thing */
  open(chunk: Buffer): Buffer[] {
    const pieces = this.coding.open(chunk)
    if (!this.isHeard && pieces.length > 0) this.hear()
    return pieces
  }

  private hear(): void {
    this.isHeard = true
    clearTimeout(this.silence)
    this.watch?.onHeard()
  }

  private giveUp(): void {
    this.judge(true)
    this.socket.destroy()
  }

  private judge(isSilent: boolean): void {
    if (this.isHeard || this.problem) return
    this.problem = this.watch?.onMute(isSilent)
  }

  private end(): void {
    clearTimeout(this.silence)
    this.watch?.onEnd()
  }
}
