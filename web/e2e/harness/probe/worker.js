// Notes, off the page's own thread, what a page captures and what its encoders give out.
//
// `at` is milliseconds since the epoch on the monotonic clock, so that notes of several threads compare. `media_ms` is a
// picture's or a sound's own time, which does not suffer when this thread is late, but begins somewhere of its own.
const notes = { frames: [], sounds: [], beeps: [], encoded: [] }
const now = () => performance.timeOrigin + performance.now()

/** The brightness of the 20 blocks of a camera picture, from the luma plane of its lowest lines. */
async function blocksOf(frame) {
  const rect = { x: 0, y: frame.codedHeight - 24, width: frame.codedWidth, height: 16 }
  const bytes = new Uint8Array(frame.allocationSize({ rect }))
  const [luma] = await frame.copyTo(bytes, { rect })
  const row = luma.offset + 8 * luma.stride
  return Array.from(
    { length: 20 },
    (_, block) => bytes[row + Math.floor(((block + 0.5) * frame.codedWidth) / 20)],
  )
}

async function watchCamera(readable) {
  for (const reader = readable.getReader(); ;) {
    const { value, done } = await reader.read()
    if (done) return
    const at = now()
    const media_ms = value.timestamp / 1000
    try {
      notes.frames.push({ at, media_ms, blocks: await blocksOf(value) })
    } finally {
      value.close()
    }
  }
}

/** A beep begins where the sound becomes loud after half a second without anything loud. */
async function watchMicrophone(readable) {
  let quiet = Infinity
  for (const reader = readable.getReader(); ;) {
    const { value, done } = await reader.read()
    if (done) return
    const at = now()
    const { sampleRate, numberOfFrames } = value
    const media_ms = value.timestamp / 1000
    // A block of sound is there when its last sample is.
    notes.sounds.push({ at: at - (numberOfFrames / sampleRate) * 1000, media_ms })
    const samples = new Float32Array(numberOfFrames)
    value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' })
    value.close()
    for (let index = 0; index < samples.length; index++) {
      if (Math.abs(samples[index]) < 0.25) {
        quiet++
        continue
      }
      if (quiet > sampleRate / 2) notes.beeps.push({ media_ms: media_ms + (index / sampleRate) * 1000 })
      quiet = 0
    }
  }
}

/** FNV-1a (draft-eastlake-fnv) of some bytes, 32 bits, going on from `hash`. */
function digest(bytes, from, to, hash) {
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193)
  return hash >>> 0
}

/** The digest of a picture's slices: start codes (H.264 annex B) and parameter sets are kept elsewhere in a file. */
function digestOfPicture(bytes) {
  const starts = []
  for (let at = 0; at + 2 < bytes.length; at++)
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1) starts.push(at + 3)
  let hash = 0x811c9dc5
  starts.forEach((start, index) => {
    const next = starts[index + 1]
    let end = next === undefined ? bytes.length : next - 3
    if (next !== undefined && bytes[end - 1] === 0) end--
    const type = bytes[start] & 31
    if (type !== 7 && type !== 8) hash = digest(bytes, start, end, hash)
  })
  return hash
}

/** Lets every encoded frame through as it is and notes that it passed. */
self.addEventListener('rtctransform', ({ transformer }) => {
  const { connection, kind } = transformer.options
  const look = new TransformStream({
    transform(frame, onward) {
      const { rtpTimestamp, mimeType } = frame.getMetadata()
      const bytes = new Uint8Array(frame.data)
      const hash = kind === 'video' ? digestOfPicture(bytes) : digest(bytes, 0, bytes.length, 0x811c9dc5)
      notes.encoded.push({ at: now(), connection, kind, mimeType, rtpTimestamp, hash, size: bytes.length })
      onward.enqueue(frame)
    },
  })
  transformer.readable
    .pipeThrough(look)
    .pipeTo(transformer.writable)
    .catch(() => {})
})

self.addEventListener('message', ({ data }) => {
  if (data.camera) void watchCamera(data.camera)
  if (data.microphone) void watchMicrophone(data.microphone)
  if (data.report !== undefined) self.postMessage({ report: data.report, notes })
})
