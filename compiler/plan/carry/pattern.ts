/** Whether a name fits a pattern, in which `*` stands for anything. */
export const fitting = (pattern: string): ((name: string) => boolean) => {
  const words = pattern.split('*').map((word) => word.replaceAll(/[\\^$.+?()[\]{}|]/gu, '\\$&'))
  const expression = new RegExp(`^${words.join('.*')}$`, 'u')
  return (name) => expression.test(name)
}

/** Whether a name fits one of some patterns. */
export const fittingOne = (patterns: readonly string[]): ((name: string) => boolean) => {
  const all = patterns.map(fitting)
  return (name) => all.some((fits) => fits(name))
}

/** A tensor's name whatever its layer: a pattern that its fellows fit. */
export const anyLayer = (name: string): string => name.replace(/(?<=\b(?:layers|decoder)\.)\d+/u, '*')
