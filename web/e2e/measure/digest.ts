// What a recorded packet holds, as a number that the sender's side can make as well (`harness/probe/worker.js`).

/** FNV-1a (draft-eastlake-fnv), 32 bits, going on from `hash`. */
export function digest(bytes: Uint8Array, hash = 0x811c9dc5): number {
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** The digest of a picture's slices, from a sample whose units have their length in front (ISO/IEC 14496-15 5.3.4.2.1). */
export function digestOfPicture(sample: Buffer): number {
  let hash = 0x811c9dc5
  for (let at = 0; at + 4 < sample.length;) {
    const length = sample.readUInt32BE(at)
    hash = digest(sample.subarray(at + 4, at + 4 + length), hash)
    at += 4 + length
  }
  return hash
}
