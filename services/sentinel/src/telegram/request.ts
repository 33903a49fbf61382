import type { Api } from './gramjs'

/**
 * A request that GramJS's types do not have: they end with layer 198, its classes are made of our schema.
 * @param name as GramJS spells it, such as `messages.GetForumTopics`
 * @throws Error where the schema has no such method
 */
export async function requestOf(name: string, fields: Record<string, unknown>): Promise<Api.AnyRequest> {
  const { Api } = await import('./gramjs')
  const [space = '', own = ''] = name.split('.')
  const made = (Api as unknown as Record<string, Record<string, new (fields: object) => Api.AnyRequest>>)[space]?.[own]
  if (!made) throw new Error(`The schema has no method ${name}`)
  return new made(fields)
}
