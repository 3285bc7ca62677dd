import type { SourceName } from './words.ts'

/** A line of an SDP through which somebody's source comes to us. */
export interface Incoming {
  /** The `a=mid` of the line. */
  mid: string
  participant: string
  source: SourceName
}

const SOURCES: readonly string[] = ['microphone', 'camera', 'screen'] satisfies SourceName[]

/**
 * Who sends what in a server offer. Read from the text (RFC 8830 `a=msid`), since browsers do not agree on whether a
 * received track keeps its id.
 */
export function incoming(sdp: string): Incoming[] {
  const found: Incoming[] = []
  for (const section of sections(sdp)) {
    const mid = attribute(section, 'mid')
    const [participant, source] = (attribute(section, 'msid') ?? '').split(' ')
    const sends = section.some((line) => line === 'a=sendonly' || line === 'a=sendrecv')
    const refused = /^m=\S+ 0 /.test(section[0] ?? '')
    if (mid && participant && sends && !refused && isSource(source)) found.push({ mid, participant, source })
  }
  return found
}

/**
 * The offer without the video orientation extension (3GPP TS 26.114). With it a phone would send its picture lying on
 * its side and a note to turn it, which a recording cannot follow; without it the browser turns the picture itself.
 */
export function withoutVideoOrientation(sdp: string): string {
  return sdp
    .split('\r\n')
    .filter((line) => !(line.startsWith('a=extmap:') && line.includes('urn:3gpp:video-orientation')))
    .join('\r\n')
}

function sections(sdp: string): string[][] {
  const all: string[][] = []
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith('m=')) all.push([line])
    else all[all.length - 1]?.push(line)
  }
  return all
}

function attribute(section: string[], name: string): string | null {
  const prefix = `a=${name}:`
  const line = section.find((candidate) => candidate.startsWith(prefix))
  return line ? line.slice(prefix.length).trim() : null
}

function isSource(word: string | undefined): word is SourceName {
  return word !== undefined && SOURCES.includes(word)
}
