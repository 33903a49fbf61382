import type { Operation } from './openapi'

/** An operation, and one of the inputs that it is tried with. */
export type Trial<I> = readonly [what: string, id: string, operation: Operation, input: I]

/**
 * Operations of a kind share the code that refuses: each input is tried once for each kind, on its operations by turns, and each
 * operation is tried at least once. Always the same ones.
 */
export function spread<I>(
  operations: readonly Operation[],
  inputs: readonly (readonly [what: string, input: I])[],
  kindOf: (operation: Operation) => string,
): Trial<I>[] {
  return [...kindsOf(operations, kindOf).values()].flatMap((alike) =>
    Array.from({ length: Math.max(alike.length, inputs.length) }, (_, turn): Trial<I> => {
      const operation = alike[turn % alike.length] as Operation
      const [what, input] = inputs[turn % inputs.length] as readonly [string, I]
      return [what, operation.id, operation, input]
    }),
  )
}

/** One operation of each kind, for `describe.each`. */
export function oneOfEach(
  operations: readonly Operation[],
  kindOf: (operation: Operation) => string,
): (readonly [string, Operation])[] {
  return [...kindsOf(operations, kindOf).values()].map(([first]) => [(first as Operation).id, first as Operation])
}

/** By what it takes in its body. */
export function byBody({ requestBody }: Operation): string {
  return Object.keys(requestBody).sort().join()
}

/** By whether it reads or changes, and what it takes in its body. */
export function byIntake(operation: Operation): string {
  return `${operation.method === 'GET' ? 'reads' : 'changes'} ${byBody(operation)}`
}

function kindsOf(operations: readonly Operation[], kindOf: (operation: Operation) => string) {
  const kinds = new Map<string, Operation[]>()
  for (const operation of operations) kinds.set(kindOf(operation), [...(kinds.get(kindOf(operation)) ?? []), operation])
  return kinds
}
