/** Any object of Telegram's schema as GramJS gives it; only its fields are read, so that plain objects serve the tests. */
export type TlObject = { readonly className: string } & Record<string, unknown>

/** Fields of Telegram's objects, read with care: what is not of the type that is asked for counts as absent. */
export function isTl(value: unknown): value is TlObject {
  return typeof value === 'object' && value !== null && typeof (value as TlObject).className === 'string'
}

export function tlList(value: unknown): TlObject[] {
  return Array.isArray(value) ? value.filter(isTl) : []
}

/** 64-bit ids of Telegram stay below 2^52 and fit a number. */
export function tlNumber(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'object' && value !== null && 'toJSNumber' in value)
    return (value as { toJSNumber(): number }).toJSNumber()
  return null
}

export function tlText(value: unknown): string {
  // Newer layers wrap some texts as textWithEntities.
  if (isTl(value)) return tlText(value['text'])
  return typeof value === 'string' ? value : ''
}
