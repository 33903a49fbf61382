/** What the page is made of, as it was built: the names of its files, and a hash of all they hold. The build puts it in. */
declare const SHELL: { version: string; paths: readonly string[] }

const base = new URL('./', location.href)
/** Another installation may stand beside this one, at another path of the same host. */
const PREFIX = `tg-sentinel ${base.pathname} `
const NAME = PREFIX + SHELL.version
const OFFLINE = new URL('offline.html', base).href
const kept = new Set(SHELL.paths.map((path) => new URL(path, base).href))

export async function keepShell(): Promise<void> {
  const cache = await caches.open(NAME)
  await cache.addAll([...kept].map((url) => new Request(url, { cache: 'no-cache' })))
}

export async function forgetFormerShells(): Promise<void> {
  const names = await caches.keys()
  const former = names.filter((name) => name.startsWith(PREFIX) && name !== NAME)
  await Promise.all(former.map((name) => caches.delete(name)))
}

/** What a request is answered with; undefined: it goes its way as if nobody stood in it, as all of the API does. */
export function answerOf(request: Request): Promise<Response> | undefined {
  if (request.method !== 'GET' || isApi(request.url)) return undefined
  if (request.mode === 'navigate') return fresh(request)
  return kept.has(request.url) ? keptOr(request) : undefined
}

function isApi(url: string): boolean {
  const { origin, pathname } = new URL(url)
  return origin !== base.origin || pathname.startsWith(`${base.pathname}api/`)
}

/** The page is asked for each time; where nobody answers, or only a proxy does, the page that says so. */
async function fresh(request: Request): Promise<Response> {
  const response = await fetch(request).catch(() => undefined)
  if (response && ![502, 503, 504].includes(response.status)) return response
  return (await find(OFFLINE)) ?? response ?? Response.error()
}

async function keptOr(request: Request): Promise<Response> {
  return (await find(request.url)) ?? fetch(request)
}

function find(url: string): Promise<Response | undefined> {
  return caches.match(url, { cacheName: NAME, ignoreVary: true })
}
