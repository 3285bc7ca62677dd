// The number of a frame, written into the picture so that a machine can read it back after any codec.
//
// A row of 20 blocks of 32 x 32 pixels along the lower edge, white for one and black for zero: 16 bits of the number,
// least significant first, then 4 check bits. The check differs from person to person, so a picture that ended up
// under the wrong name does not read as a number at all, and neither does a black or a white picture.

/** Pixels of the pictures that cameras and recordings have here. */
export const WIDTH = 640
export const HEIGHT = 480
/** Frames per second of the fake cameras. */
export const RATE = 25

const BLOCK = 32
const NUMBER_BITS = 16
const CHECK_BITS = 4
/** Blocks in the row: one byte each of what `READ_FILTER` gives. */
export const BLOCKS = NUMBER_BITS + CHECK_BITS

/** Draws the row with ffmpeg; `n` is the frame's number there. */
export function drawFilter(salt: number): string {
  const nibbles = 'mod(n\\,16)+mod(floor(n/16)\\,16)+mod(floor(n/256)\\,16)+mod(floor(n/4096)\\,16)'
  const boxes = [`drawbox=x=0:y=${HEIGHT - BLOCK}:w=${WIDTH}:h=${BLOCK}:color=black:t=fill`]
  for (let bit = 0; bit < BLOCKS; bit++) {
    const value = bit < NUMBER_BITS ? 'n' : `mod(${nibbles}+${salt}\\,16)`
    const weight = 2 ** (bit < NUMBER_BITS ? bit : bit - NUMBER_BITS)
    boxes.push(
      `drawbox=x=${bit * BLOCK}:y=${HEIGHT - BLOCK}:w=${BLOCK}:h=${BLOCK}:color=white:t=fill` +
        `:enable='mod(floor(${value}/${weight})\\,2)'`,
    )
  }
  return boxes.join(',')
}

/** Makes ffmpeg give `BLOCKS` bytes for each frame: how bright each block is in its middle. */
export const READ_FILTER =
  `scale=${WIDTH}:${HEIGHT},crop=${WIDTH}:16:0:${HEIGHT - 24},` +
  `scale=${BLOCKS * 4}:1:flags=area,scale=${BLOCKS}:1:flags=area,format=gray`

/** The number of a frame from the brightness of its blocks (0 to 255); null when it is not that person's picture. */
export function readCode(blocks: ArrayLike<number>, salt: number): number | null {
  let number = 0
  let check = 0
  for (let bit = 0; bit < BLOCKS; bit++) {
    if ((blocks[bit] ?? 0) < 128) continue
    if (bit < NUMBER_BITS) number += 2 ** bit
    else check += 2 ** (bit - NUMBER_BITS)
  }
  const nibbles = (number & 15) + ((number >> 4) & 15) + ((number >> 8) & 15) + (number >> 12)
  return (nibbles + salt) % 16 === check ? number : null
}
