import type { LineageRow } from '../dsl/index.js'

/** Lines that meet in a cell of the drawing. */
interface Meeting {
  readonly up: boolean
  readonly down: boolean
  readonly left: boolean
  readonly right: boolean
}

/** The sign of every meeting, by whether lines go up, down, left and right from it. */
const signs: Readonly<Record<string, string>> = {
  '0000': ' ',
  '0001': '─',
  '0010': '─',
  '0011': '─',
  '0100': '│',
  '0101': '╭',
  '0110': '╮',
  '0111': '┬',
  // The first version of all: nothing lies below it.
  '1000': ' ',
  '1001': '╰',
  '1010': '╯',
  '1011': '┴',
  '1100': '│',
  '1101': '├',
  '1110': '┤',
  '1111': '┼',
}

const sign = ({ up, down, left, right }: Meeting): string => signs[[up, down, left, right].map(Number).join('')] ?? ' '

/** Two signs a lane: the lane itself, and the space to the next. */
const lanes = (width: number, of: (lane: number) => string): string =>
  Array.from({ length: width }, (_, lane) => of(lane))
    .join('')
    .trimEnd()

/** A row of a lineage as two lines of signs: the version among the edges that pass by, and the edges from it to its parents. */
export const graphLines = ({ lane, through, to, after }: LineageRow, width: number): readonly [string, string] => {
  const crosses = (from: number): boolean => to.some((end) => Math.min(lane, end) <= from && from < Math.max(lane, end))
  const below = (here: number): string =>
    sign({ up: here === lane || through.includes(here), down: after.includes(here), left: crosses(here - 1), right: crosses(here) }) +
    (crosses(here) ? '─' : ' ')
  return [lanes(width, (here) => (here === lane ? '● ' : through.includes(here) ? '│ ' : '  ')), lanes(width, below)]
}
