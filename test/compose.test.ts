import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const ROOT = join(__dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Container {
  container_name: string
  environment?: Record<string, string | number>
  depends_on?: Record<string, { condition: string }>
  volumes: string[]
  networks: string[]
  ports?: string[]
  healthcheck?: object
}
interface Compose {
  services: Record<string, Container>
  volumes: Record<string, { name: string }>
  networks: Record<string, { name: string }>
}

const text = read('docker-compose.yml')
const compose = parse(text, { merge: true }) as Compose
const SERVICES = ['sentinel', 'ui']
/** Of the process alone: the container has its own folder, and logs go to stdout. */
const NOT_IN_COMPOSE = ['DATA_DIR', 'FILE_ACCESS']
/** Of compose itself, or of this machine's ports, which name the container's in another place. */
const OF_COMPOSE = ['COMPOSE_PROJECT_NAME']

/** Variables that the code of a service reads. */
function configured(service: string): string[] {
  const code = read(`services/${service}/src/config.ts`)
  const names = [
    ...code.matchAll(
      /\b([A-Z][A-Z0-9_]{3,}): *(?:optionalText|plainText|port|secretText|sqliteUri|textAs|logLevel)\b/g,
    ),
  ]
  return [...new Set([...names.map(([, name]) => name ?? ''), 'DATA_DIR'])]
}

/** Rows of README's table: variable -> the service that it is for, or `both`. */
function documented(): Map<string, string> {
  const rows = [...read('README.md').matchAll(/^\| (`[A-Z][^|]*) \| (sentinel|ui|both) +\|/gm)]
  return new Map(
    rows.flatMap(([, names = '', service = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => [name ?? '', service] as const),
    ),
  )
}

function passedOn(service: string): string[] {
  return Object.keys(compose.services[service]?.environment ?? {}).map((name) => name.replace(/_FILE$/, ''))
}

describe('docker-compose.yml', () => {
  it.each(SERVICES)('passes on every variable that the %s reads', (service) => {
    const missing = configured(service).filter(
      (name) => !passedOn(service).includes(name) && !NOT_IN_COMPOSE.includes(name),
    )
    expect(missing).toEqual([])
  })

  it.each(SERVICES)('passes nothing on to the %s that README does not have for it', (service) => {
    const rows = documented()
    const strays = passedOn(service).filter((name) => ![service, 'both'].includes(rows.get(name) ?? ''))
    expect(strays).toEqual([])
  })

  it('and .env.example have the same variables', () => {
    const used = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? '')
    const offered = [...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name ?? '')
    expect([...new Set([...used, ...OF_COMPOSE])].sort()).toEqual(offered.sort())
  })

  it('has the names that people rely on', () => {
    const names = (part: Record<string, { name: string }>) => Object.values(part).map(({ name }) => name)
    expect(names(compose.volumes)).toEqual(['tgsentinel_redis_data', 'tgsentinel_sentinel_data', 'tgsentinel_ui_data'])
    expect(names(compose.networks)).toEqual(['tgsentinel_net'])
    for (const [service, container] of Object.entries(compose.services)) {
      expect(container.container_name).toBe(`tgsentinel-${service}-1`)
      expect(container.networks).toEqual(['tgsentinel_net'])
    }
  })

  it('keeps the data of each service to itself, mounts the configuration read-only, and opens loopback alone', () => {
    for (const service of SERVICES) {
      const { volumes = [], ports = [] } = compose.services[service] ?? {}
      expect(volumes.filter((volume) => volume.endsWith(':/app/data'))).toEqual([
        `tgsentinel_${service}_data:/app/data`,
      ])
      expect(volumes).toContain('./config:/app/config:ro')
      expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true)
    }
  })

  it('builds images that have curl and tell their health', () => {
    const dockerfile = read('Dockerfile')
    for (const service of SERVICES) {
      const stage = dockerfile.split(`FROM runtime AS ${service}`)[1]?.split('\nFROM ')[0] ?? ''
      expect(stage).toContain('HEALTHCHECK')
    }
    expect(dockerfile).toMatch(/AS runtime[\s\S]*apt-get install[^\n]* curl/)
  })

  it('waits for the health of Redis', () => {
    expect(compose.services['redis']?.healthcheck).toBeDefined()
    expect(compose.services['sentinel']?.depends_on).toEqual({ redis: { condition: 'service_healthy' } })
  })
})

it('README has every variable that a service reads', () => {
  const rows = documented()
  const missing = SERVICES.flatMap((service) =>
    configured(service).filter((name) => ![service, 'both'].includes(rows.get(name) ?? '')),
  )
  expect(missing).toEqual([])
})
