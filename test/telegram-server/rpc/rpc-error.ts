/** An error as Telegram's API gives it: an HTTP-like code and a name in capitals. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    readonly type: string,
  ) {
    super(type)
  }
}
