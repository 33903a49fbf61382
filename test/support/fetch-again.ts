/**
 * fetch, which keeps its connections: the other side may close one just when it is taken again. A read is then asked once more;
 * anything else may have been done already.
 */
export async function fetchAgain(url: URL | string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (!isRead(init) || !wasClosed(error)) throw error
    return fetch(url, init)
  }
}

function isRead({ method = 'GET' }: RequestInit): boolean {
  return method === 'GET' || method === 'HEAD'
}

function wasClosed(error: unknown): boolean {
  const { code = '' } = ((error as Error).cause ?? {}) as { code?: string }
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(code)
}
