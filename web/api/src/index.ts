// The words of the native API, as its description has them.

import type { components, operations } from './schema'

/** What the API calls that name, such as `Schema<'Recording'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name]

/** What a call answers when it succeeds. */
export type Answer<Id extends keyof operations> = operations[Id] extends {
  responses: infer R
}
  ? R extends { 200: { content: { 'application/json': infer Body } } }
    ? Body
    : R extends { 201: { content: { 'application/json': infer Body } } }
      ? Body
      : void
  : never

/** What may stand in the query of a call. */
export type QueryOf<Id extends keyof operations> = operations[Id] extends {
  parameters: { query?: infer Query }
}
  ? NonNullable<Query>
  : never

export type { components, operations, paths } from './schema'
