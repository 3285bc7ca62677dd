// Where faces are to be: one oval for everybody who must be seen, side by side.

/** An oval in a box of 400 by 300. */
export interface Oval {
  cx: number
  cy: number
  rx: number
  ry: number
}

export const BOX = { width: 400, height: 300 }
/** The customer and whoever explains the product; with more the faces would be too small to be recognised. */
const FEWEST = 2
const MOST = 4

/** Ovals for `customers` and the operator beside them. */
export function ovals(customers: number): Oval[] {
  const count = Math.min(MOST, Math.max(FEWEST, customers + 1))
  const step = BOX.width / (count + 0.4)
  const rx = Math.min(62, step * 0.4)
  return Array.from({ length: count }, (_, n) => ({
    cx: BOX.width / 2 + (n - (count - 1) / 2) * step,
    cy: 140,
    rx,
    ry: rx * 1.32,
  }))
}

/** All of them as one path: the box, and the ovals as holes in it. */
export function maskPath(list: Oval[], far = 900): string {
  const frame = `M${-far} ${-far}h${BOX.width + 2 * far}v${BOX.height + 2 * far}h${-(BOX.width + 2 * far)}z`
  return frame + list.map(outline).join('')
}

export function outline({ cx, cy, rx, ry }: Oval): string {
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`
}
