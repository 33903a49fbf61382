import { spawn, type ChildProcess } from 'node:child_process'
import { until } from './until'

export interface ProcessEnd {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A process that a test started: what it said so far, and how it ended. */
export class TestProcess {
  stdout = ''
  stderr = ''
  end: ProcessEnd | undefined
  readonly exited: Promise<ProcessEnd>
  private readonly child: ChildProcess

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd: string) {
    this.child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.stdout += chunk))
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk))
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject)
      this.child.once('close', (code, signal) => resolve((this.end = { code, signal })))
    })
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** What the output says, once it says so; an end before that is an error that shows the output. */
  async said(pattern: RegExp, timeoutMs = 90_000): Promise<RegExpExecArray> {
    return until(
      `output like ${String(pattern)}`,
      () => {
        const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr)
        if (!match && this.end) throw new Error(`The process ended before ${String(pattern)}: ${this.output}`)
        return match
      },
      timeoutMs,
    )
  }

  get output(): string {
    return `${this.stdout}\n${this.stderr}`
  }
}
