// npm run secrets: what docker-compose.yml reads from files, and its settings. Never overwrites one that is there.
import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.mjs'

const folder = join(root, 'secrets')
// The folder keeps others on this machine out; the files are mounted one by one and read by the containers' own users.
mkdirSync(folder, { recursive: true, mode: 0o700 })
for (const name of ['sentinel_api_token', 'redis_password']) {
  const path = join(folder, name)
  if (existsSync(path)) console.log(`kept     secrets/${name}`)
  else {
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o644 })
    console.log(`written  secrets/${name}`)
  }
}

const settings = join(root, '.env')
if (existsSync(settings)) console.log('kept     .env')
else {
  copyFileSync(join(root, '.env.example'), settings)
  console.log('written  .env')
}
