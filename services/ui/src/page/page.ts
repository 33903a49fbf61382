import type { IncomingMessage, ServerResponse } from 'node:http'
import { failure } from '../model'
import { loadAssets, type Asset, type Encoding } from './assets'

/** Serves the built page: the document at the base path, and its assets; everything else is left to the next. */
export class Page {
  private readonly assets: Map<string, Asset>

  constructor(folder: string) {
    this.assets = loadAssets(folder)
  }

  /** Whether the request was for the page, and is answered. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const [path = ''] = (request.url ?? '').split('?', 1)
    const asset = this.assets.get(path === '/' ? 'index.html' : path.slice(1))
    if (asset) sendAsset(asset, request, response)
    else if (path === '/') throw failure('NOT_FOUND', 'The page is not built. Run npm run build, then start again.')
    return asset !== undefined
  }
}

function sendAsset(asset: Asset, request: IncomingMessage, response: ServerResponse): void {
  const encoding = encodingFor(request.headers['accept-encoding'], asset)
  const etag = `"${asset.etag}-${encoding}"`
  response.setHeader('Cache-Control', asset.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  response.setHeader('Vary', 'Accept-Encoding')
  response.setHeader('ETag', etag)
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
  const body = asset.bodies[encoding] ?? asset.bodies.identity
  response.setHeader('Content-Type', asset.type)
  response.setHeader('Content-Length', body.length)
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
  response.writeHead(200).end(body)
}

function encodingFor(accepted: string | undefined, asset: Asset): Encoding {
  const names = (accepted ?? '').split(',').filter((entry) => !/;\s*q=0(\.0+)?\s*$/.test(entry))
  const isAccepted = (name: string) => names.some((entry) => entry.split(';')[0]?.trim() === name)
  return (['br', 'gzip'] as const).find((name) => asset.bodies[name] && isAccepted(name)) ?? 'identity'
}
