const units = ['B', 'KB', 'MB', 'GB', 'TB']

/** `1.5 MB`: bytes in steps of 1024, one decimal below ten. */
export function sizeOf(size_bytes: number): string {
  let value = Math.max(0, size_bytes)
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit > 0 && value < 10 ? 1 : 0
  return `${value.toFixed(digits)} ${units[unit]}`
}
