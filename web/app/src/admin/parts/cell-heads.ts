// On a narrow screen a row is a card: each cell carries the head of its column, so that the style sheet can put it in front.

/** Notes in every cell what its column is called. A row with fewer cells, such as one over the whole width, is left alone. */
export function noteHeads(table: HTMLTableElement): void {
  const heads = [...table.querySelectorAll('thead th')].map((head) => head.textContent?.trim() ?? '')
  for (const row of table.querySelectorAll('tbody tr')) {
    const cells = [...row.children] as HTMLElement[]
    if (cells.length === heads.length) cells.forEach((cell, at) => (cell.dataset.head = heads[at]))
  }
}
