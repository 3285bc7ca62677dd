// How the demo tells what happens: one line at a time, with the seconds since the start.
const colours = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text)

export const bold = paint(1)
export const dim = paint(2)
export const red = paint(31)
export const green = paint(32)

export function say(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Tells lines with the seconds since it was made. */
export function clock(): (line: string) => void {
  const start = performance.now()
  return (line) => say(`${dim(`${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`)}  ${line}`)
}
