// Writes openapi/generated: the types of each document (openapi-typescript) and the document as JSON; and Telegram's schema, where
// there is the service that speaks it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import { parse } from 'yaml'

const folder = new URL('../openapi/', import.meta.url)
mkdirSync(new URL('generated/', folder), { recursive: true })

for (const name of ['sentinel', 'ui']) {
  const source = new URL(`${name}.yaml`, folder)
  const types = astToString(await openapiTS(source, { defaultNonNullable: false }))
  const document = parse(readFileSync(source, 'utf8'))
  writeFileSync(new URL(`generated/${name}.ts`, folder), types)
  writeFileSync(new URL(`generated/${name}.json`, folder), JSON.stringify(document, null, 1) + '\n')
}

// An image of one service has no sources of the others.
if (existsSync(new URL('../services/sentinel/src', import.meta.url))) {
  const { writeSchema } = await import('./telegram-schema/telegram-schema.mjs')
  writeSchema()
}
