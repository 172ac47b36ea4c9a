const pattern = /\n|\d\.\d\d|\d|[A-Za-z]+(?:[-'][A-Za-z]+)*|\S/g

/**
 * Cuts a text into words: coordinates (0.13) and hyphenated names are one word, digits are one each, line ends are words.
 * About as many as the base model's tokenizer makes tokens of it.
 */
export const words = (text: string): readonly string[] => text.match(pattern) ?? []
