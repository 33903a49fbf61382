// Telegram's schema as text, out of the definitions that a package carries as data (teleproto, tl/generated/api-definitions.js).
// They are in GramJS's own form: names in camel case, flags and vectors resolved. Nothing of that package's code runs.
import { crc32 } from 'node:zlib'

/** @returns {{ name: string, namespace?: string, constructorId: number, argsConfig: Record<string, object>, result: string, isFunction: boolean }[]} */
export function parseDefinitions(moduleText) {
  const begin = moduleText.indexOf('[')
  const end = moduleText.lastIndexOf(']')
  if (begin < 0 || end < begin) throw new Error('The package carries no definitions where they are looked for.')
  return JSON.parse(moduleText.slice(begin, end + 1))
}

/** Written by hand in every client, and in no list of definitions. */
const BOOL = ['boolFalse#bc799737 = Bool;', 'boolTrue#997275b5 = Bool;']

/** Types first, then functions, one definition a line: the form that GramJS and the simulated data centre read. */
export function renderSchema(definitions) {
  const lines = (isFunction) => definitions.filter((each) => each.isFunction === isFunction).map(renderLine)
  return [...BOOL, ...lines(false), '---functions---', ...lines(true), ''].join('\n')
}

/**
 * Names of definitions whose id is not the CRC32 of their line (core.telegram.org/mtproto/TL-formal#constructor-names): the proof that
 * a line was rendered as Telegram wrote it.
 */
export function misrendered(definitions) {
  return definitions.filter((each) => !hasItsId(each)).map(nameOf)
}

function hasItsId(definition) {
  const line = renderLine(definition)
  const plain = line
    .replace(/#[0-9a-f]+/, '')
    .replace(/;$/, '')
    .replace(/ \w+:flags\d*\.\d+\?true/g, '')
    .replaceAll(/(:|\?)bytes /g, '$1string ')
    .replaceAll('<', ' ')
    .replaceAll(/[>{}]/g, '')
  return crc32(plain) === definition.constructorId
}

function renderLine(definition) {
  const { argsConfig, result, constructorId } = definition
  const fields = Object.entries(argsConfig).map(([name, config]) => `${snake(name)}:${typeOf(config)}`)
  const isGeneric = fields.some((field) => field.endsWith(':!X'))
  const id = constructorId.toString(16).padStart(8, '0')
  return [`${nameOf(definition)}#${id}`, ...(isGeneric ? ['{X:Type}'] : []), ...fields, `= ${result};`].join(' ')
}

function nameOf({ namespace, name }) {
  const own = name.charAt(0).toLowerCase() + name.slice(1)
  return namespace ? `${namespace}.${own}` : own
}

function typeOf({ flagIndicator, isFlag, flagName, flagIndex, isVector, useVectorId, type }) {
  if (flagIndicator) return '#'
  const own = type === 'X' ? '!X' : type
  const whole = isVector ? `${useVectorId ? 'V' : 'v'}ector<${own}>` : own
  return isFlag ? `${flagName}.${flagIndex}?${whole}` : whole
}

function snake(name) {
  return name.replaceAll(/(?<=[A-Za-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
