/** Whether two words differ by one slip of the hand at most: a letter replaced, one too many, one missing, or two that changed places. */
type Near<A extends string, B extends string> = A extends B
  ? true
  : A extends `${infer X}${infer As}`
    ? B extends `${infer Y}${infer Bs}`
      ? X extends Y
        ? Near<As, Bs>
        : [As] extends [Bs]
          ? true
          : [As] extends [B]
            ? true
            : [A] extends [Bs]
              ? true
              : As extends `${Y}${infer Rest}`
                ? Bs extends `${X}${Rest}`
                  ? true
                  : false
                : false
      : As extends ''
        ? true
        : false
    : B extends `${infer _}${infer Bs}`
      ? Bs extends ''
        ? true
        : false
      : true

type Candidates<Word extends string, Known extends string> = Known extends unknown ? (Near<Word, Known> extends true ? Known : never) : never

type One<T, All = T> = [T] extends [never] ? never : T extends unknown ? ([All] extends [T] ? T : never) : never

/** What was probably meant by a word, as the end of a sentence; nothing where no known word is near, or more than one. */
export type Meant<Word extends string, Known extends string> =
  One<Candidates<Word, Known>> extends infer Found extends string ? ([Found] extends [never] ? '' : `; did you mean '${Found}'?`) : ''
