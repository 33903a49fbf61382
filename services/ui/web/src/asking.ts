/** One question at a time, the answer to which may be older than what is heard while it is on its way. */
export class Asking<T> {
  private isUnderWay = false
  private isOvertaken = false
  private isToRepeat = false

  constructor(
    private readonly question: () => Promise<T>,
    private readonly onAnswer: (answer: T) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Asks, unless an answer is on its way. */
  ask(): void {
    if (this.isUnderWay) return
    this.isUnderWay = true
    this.isOvertaken = false
    this.isToRepeat = false
    this.question()
      .then((answer) => this.isOvertaken || this.onAnswer(answer), this.onFailure)
      .finally(() => {
        this.isUnderWay = false
        if (this.isToRepeat) this.ask()
      })
  }

  /** Asks how things are from now on: an answer that is on its way is taken, and followed by another question. */
  askAnew(): void {
    this.isToRepeat = true
    this.ask()
  }

  /** Something was heard: an answer that is on its way may be older, so another one is asked for in its place. */
  overtake(): void {
    this.isOvertaken = true
    this.isToRepeat = true
  }
}
