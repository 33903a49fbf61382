// Writes openapi/generated: the types of each document (openapi-typescript) and the document as JSON.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
