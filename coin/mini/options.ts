import { categories, categoryOf, continents, countries, elements, emojiOf, letters } from './concepts.js'
import { pick, pickSome, shuffle, weighted, type Random } from './random.js'
import { composeIn, type Split } from './splits.js'

/** Lettered choices after a subject, one of them right. */
export interface Options {
  readonly kind: 'category' | 'continent' | 'capital' | 'symbol'
  /** What is asked about: `dog`, `France`, `gold`. */
  readonly subject: string
  readonly choices: readonly string[]
  /** Index of the right choice. */
  readonly right: number
}

export const withArticle = (category: string): string => `${/^[aeiou]/.test(category) ? 'an' : 'a'} ${category}`

const choose = (next: Random, right: string, wrong: readonly string[]): { readonly choices: readonly string[]; readonly right: number } => {
  const choices = shuffle(next, [right, ...pickSome(next, wrong, letters.length - 1)])
  return { choices, right: choices.indexOf(right) }
}

const others = (all: readonly string[], but: string): readonly string[] => all.filter((one) => one !== but)

/** Each category is as likely as any other, however many members it has. */
export const anyEmoji = (next: Random): string => {
  const category = pick(next, categories)
  return pick(next, emojiOf[category])
}

/** Which category a thing belongs to, of four. */
export const categoryOptions = (next: Random, name: string = anyEmoji(next)): Options => {
  const category = categoryOf(name)
  const { choices, right } = choose(next, category, others(categories, category))
  return { kind: 'category', subject: name, choices, right }
}

const factOptions = (next: Random): Options =>
  weighted<() => Options>(next, [
    [
      1,
      () => {
        const { name, continent } = pick(next, countries)
        return { kind: 'continent', subject: name, ...choose(next, continent, others(continents, continent)) }
      },
    ],
    [
      1,
      () => {
        const { name, capital } = pick(next, countries)
        return {
          kind: 'capital',
          subject: name,
          ...choose(
            next,
            capital,
            others(
              countries.map((country) => country.capital),
              capital,
            ),
          ),
        }
      },
    ],
    [
      1,
      () => {
        const { name, symbol } = pick(next, elements)
        return {
          kind: 'symbol',
          subject: name,
          ...choose(
            next,
            symbol,
            others(
              elements.map((element) => element.symbol),
              symbol,
            ),
          ),
        }
      },
    ],
  ])()

export const optionsText = (options: Options): string => options.choices.map((choice, index) => `${letters[index]}. ${choice}`).join('\n')

/** What decides the split of a question over text alone. */
export const keyOfOptions = (options: Options): string => `${options.kind} ${options.subject} ${optionsText(options)}`

/** The same options in alphabetical order, as lists in print often are. */
export const inOrder = (options: Options): Options => {
  const right = options.choices[options.right]
  const choices = [...options.choices].sort()
  return { ...options, choices, right: choices.findIndex((choice) => choice === right) }
}

/** Options over text alone, of the split that their text falls into; `arranged` puts them in an order, or refuses them. */
export const textOptions = (next: Random, split: Split, arranged: (options: Options) => Options | null = (options) => options): Options =>
  composeIn(next, split, keyOfOptions, (again) =>
    arranged(
      weighted<() => Options>(again, [
        [1, () => categoryOptions(again)],
        [1, () => factOptions(again)],
      ])(),
    ),
  )
