// What is in a recorded file, read with ffmpeg and ffprobe: the outside opinion.
import { readFile } from 'node:fs/promises'
import { READ_FILTER, BLOCKS, readCode } from '../media/code.ts'
import { SAMPLE_RATE } from '../media/make.ts'
import { run } from '../harness/run.ts'
import { digest, digestOfPicture } from './digest.ts'

export interface Packet {
  /** Milliseconds from the file's time zero. */
  at_ms: number
  size: number
  /** Of what it holds, see `digest.ts`. */
  hash: number
}

export interface RecordedFrame {
  at_ms: number
  /** The number that was filmed; null when it cannot be read or is somebody else's. */
  code: number | null
}

/** Decodes everything, strictly. Throws with ffmpeg's words when it finds anything to complain about. */
export async function decodeStrictly(file: string): Promise<void> {
  await run('ffmpeg', [
    '-v',
    'error',
    '-xerror',
    '-err_detect',
    'explode',
    '-nostdin',
    '-i',
    file,
    '-f',
    'null',
    '-',
  ])
}

/** ffprobe's view in one line per stream, for people. */
export async function describe(file: string): Promise<string[]> {
  const entries =
    'stream=codec_name,profile,width,height,sample_rate,channels,avg_frame_rate,nb_read_packets,duration'
  const out = await run('ffprobe', [
    '-v',
    'error',
    '-count_packets',
    '-show_entries',
    entries,
    '-of',
    'json',
    file,
  ])
  const { streams } = JSON.parse(out.toString()) as { streams: Record<string, string | number>[] }
  return streams.map((stream) => {
    const length = `${Number(stream.duration).toFixed(2)} s`
    return stream.width
      ? `${stream.codec_name} ${stream.profile}, ${stream.width}x${stream.height}, ${stream.nb_read_packets} frames, ${length}`
      : `${stream.codec_name}, ${stream.sample_rate} Hz, ${stream.channels} channel(s), ${stream.nb_read_packets} packets, ${length}`
  })
}

/** The packets of the picture (`v`) or the sound (`a`), in the order of the file. */
export async function packetsOf(file: string, stream: 'v' | 'a'): Promise<Packet[]> {
  const entries = ['-show_entries', 'packet=pts_time,size,pos', '-of', 'json']
  const [out, whole] = await Promise.all([
    run('ffprobe', ['-v', 'error', '-select_streams', `${stream}:0`, ...entries, file]),
    readFile(file),
  ])
  const { packets } = JSON.parse(out.toString()) as {
    packets: { pts_time: string; size: string; pos: string }[]
  }
  return packets.map(({ pts_time, size, pos }) => {
    const bytes = whole.subarray(Number(pos), Number(pos) + Number(size))
    return {
      at_ms: Number(pts_time) * 1000,
      size: bytes.length,
      hash: stream === 'v' ? digestOfPicture(bytes) : digest(bytes),
    }
  })
}

/** Every decoded picture with its time and its number. */
export async function framesOf(file: string, salt: number): Promise<RecordedFrame[]> {
  const raw = ['-vsync', 'passthrough', '-vf', READ_FILTER, '-f', 'rawvideo', '-']
  const [packets, bytes] = await Promise.all([
    packetsOf(file, 'v'),
    run('ffmpeg', ['-v', 'error', '-nostdin', '-i', file, ...raw]),
  ])
  if (bytes.length !== packets.length * BLOCKS)
    throw new Error(`${file} has ${packets.length} pictures, ${bytes.length / BLOCKS} can be decoded`)
  return packets.map(({ at_ms }, index) => ({
    at_ms,
    code: readCode(bytes.subarray(index * BLOCKS, (index + 1) * BLOCKS), salt),
  }))
}

/** The sound as samples from -1 to 1, one channel, 48,000 a second; sample 0 is the file's time zero. */
export async function samplesOf(file: string): Promise<Float32Array> {
  const raw = [
    '-map',
    '0:a:0',
    '-af',
    'aresample=async=1:first_pts=0',
    '-ac',
    '1',
    '-ar',
    `${SAMPLE_RATE}`,
    '-f',
    'f32le',
    '-',
  ]
  const bytes = await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', file, ...raw])
  return new Float32Array(new Uint8Array(bytes).buffer)
}
