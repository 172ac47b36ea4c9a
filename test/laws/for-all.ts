import * as fc from 'fast-check'

/** A law holds for so many generated values. */
export const forAll = <A>(values: fc.Arbitrary<A>, law: (value: A) => void, runs = 1000): void =>
  fc.assert(
    fc.property(values, (value) => {
      law(value)
    }),
    { numRuns: runs },
  )
