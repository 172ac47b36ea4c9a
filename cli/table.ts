const isFigure = (cell: string): boolean => cell === '' || /^[+−-]?\d/.test(cell)

/** Rows of cells as text, a heading first: columns of figures to the right, others to the left. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const figures = widths.map((_, column) => column > 0 && rows.slice(1).every((row) => isFigure(row[column] ?? '')))
  const padded = (cell: string, column: number): string =>
    figures[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
  return rows.map((row) => row.map(padded).join('  ').trimEnd()).join('\n')
}
