// Between lists and what is typed into a field of several lines; between bytes and gigabytes.

/** One entry a line; blanks and empty lines do not count. */
export function entriesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

export const linesOf = (entries: readonly string[] | null | undefined): string => (entries ?? []).join('\n')

const GB = 1024 ** 3

/** Bytes of what is typed as GB; null for nothing. */
export function bytesOf(gb: number | null | undefined): number | null {
  return gb === null || gb === undefined ? null : Math.round(gb * GB)
}

export function gigabytesOf(bytes: number | null): number | null {
  return bytes === null ? null : bytes / GB
}
