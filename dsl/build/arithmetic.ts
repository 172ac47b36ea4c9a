/** Small arithmetic on literal numbers, in tuples of digits, so that wrong sizes are red in the editor. Wide `number`s pass: `check` sees them. */

interface Digits {
  readonly 0: []
  readonly 1: [0]
  readonly 2: [0, 0]
  readonly 3: [0, 0, 0]
  readonly 4: [0, 0, 0, 0]
  readonly 5: [0, 0, 0, 0, 0]
  readonly 6: [0, 0, 0, 0, 0, 0]
  readonly 7: [0, 0, 0, 0, 0, 0, 0]
  readonly 8: [0, 0, 0, 0, 0, 0, 0, 0]
  readonly 9: [0, 0, 0, 0, 0, 0, 0, 0, 0]
}

type Ten<T extends 0[]> = [...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T]

/** A tuple as long as the number that the digits write. */
type Tuple<Text extends string, So extends 0[] = []> = Text extends `${infer D extends keyof Digits}${infer Rest}`
  ? Tuple<Rest, [...Ten<So>, ...Digits[D]]>
  : So

/** What is left after taking one tuple away from another as often as it goes. */
type Rest<T extends 0[], Part extends 0[]> = T extends [...Part, ...infer Left extends 0[]] ? Rest<Left, Part> : T

/** Long division, digit by digit: no tuple grows beyond ten times the divisor. */
type Remainder<Text extends string, Part extends 0[], So extends 0[] = []> = Text extends `${infer D extends keyof Digits}${infer More}`
  ? Remainder<More, Part, Rest<[...Ten<So>, ...Digits[D]], Part>>
  : So

/** How often one tuple goes into another, as text. */
type Times<T extends 0[], Part extends 0[], So extends 0[] = []> = T extends [...Part, ...infer Left extends 0[]]
  ? Times<Left, Part, [...So, 0]>
  : `${So['length']}`

type Quotient<Text extends string, Part extends 0[], So extends 0[] = [], Written extends string = ''> = Text extends `${infer D extends
  keyof Digits}${infer More}`
  ? Quotient<More, Part, Rest<[...Ten<So>, ...Digits[D]], Part>, `${Written}${Times<[...Ten<So>, ...Digits[D]], Part>}`>
  : Written

type Trimmed<Text extends string> = Text extends `0${infer More}` ? Trimmed<More> : Text

/** How often a part goes into a whole, the rest left out. */
export type Goes<Whole extends number, Part extends number> = Plain<Whole> | Plain<Part> extends true
  ? Trimmed<Quotient<`${Whole}`, Tuple<`${Part}`>>> extends `${infer N extends number}`
    ? N
    : 0
  : number

/** Sizes that the arithmetic covers: whole numbers of at most three digits as divisor. */
type Plain<N extends number> = `${N}` extends `${string}.${string}` | `${string}e${string}` | `-${string}` | '0'
  ? false
  : number extends N
    ? false
    : true

/** Whether a number of parts shares a whole evenly. */
export type Divides<Whole extends number, Part extends number> = Plain<Whole> | Plain<Part> extends true
  ? Remainder<`${Whole}`, Tuple<`${Part}`>> extends []
    ? true
    : false
  : true

/** A size; for what is none, the sentence that the editor shows. */
export type Size<N extends number> = number extends N
  ? N
  : `${N}` extends '0' | `-${string}` | `${string}.${string}` | `${string}e-${string}`
    ? `a size is a whole number, 1 or more; ${N} is none`
    : N

/** Whether a number is at most another. */
export type AtMost<N extends number, Most extends number> = Plain<N> | Plain<Most> extends true
  ? Tuple<`${Most}`> extends [...Tuple<`${N}`>, ...0[]]
    ? true
    : false
  : true

/** The whole numbers below a number, as text; all of them where the number is not known. */
export type Below<N extends number> = number extends N ? `${number}` : Extract<keyof Tuple<`${N}`>, `${number}`>

/** A number of parts that share a whole evenly; for any other, the sentence that the editor shows. */
export type Shared<What extends string, Whole extends number, Part extends number, Parts extends string> =
  Divides<Whole, Part> extends true ? Part : `the ${What} ${Whole} does not divide into ${Part} ${Parts}`
