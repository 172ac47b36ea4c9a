/** A Markdown table, padded as the formatter pads it; all columns but the first are of figures. */
export const markdownTable = (rows: readonly (readonly string[])[], figuresFrom = 1): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const padded = (row: readonly string[]): string =>
    line(widths.map((width, column) => (column < figuresFrom ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width))))
  const rule = line(widths.map((width, column) => (column < figuresFrom ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)))
  const [head = [], ...body] = rows
  return [padded(head), rule, ...body.map(padded)].join('\n')
}
