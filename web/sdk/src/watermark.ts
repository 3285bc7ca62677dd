// The watermark of a photo: company, user, time and place, written into the picture itself.

export interface Watermark {
  companyName: string
  userName: string
  /** As it is to be read; the moment of drawing where it is missing. */
  time?: string
  location?: string
}

/** The lines in the order of the picture; empty ones are left out. */
export function linesOf(mark: Watermark, now: Date = new Date()): string[] {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-')
  const clock = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(':')
  return [mark.companyName, mark.userName, mark.time ?? `${day} ${clock}`, mark.location ?? ''].filter(
    (line) => line !== '',
  )
}

/** A photo's bytes in base64, without the `data:` in front. */
export function base64Of(dataUrl: string): string {
  return dataUrl.slice(dataUrl.indexOf(',') + 1)
}

/** Draws the watermark into a JPEG, bottom left; the size of the letters follows the picture. */
export async function drawWatermark(imageBase64: string, mark: Watermark): Promise<string> {
  const picture = new Image()
  picture.src = `data:image/jpeg;base64,${base64Of(imageBase64)}`
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = picture.naturalWidth
  canvas.height = picture.naturalHeight
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser cannot draw')
  pen.drawImage(picture, 0, 0)
  const size = Math.max(12, Math.round(canvas.height / 30))
  const lines = linesOf(mark)
  pen.font = `${size}px sans-serif`
  pen.textBaseline = 'bottom'
  lines.forEach((line, place) => {
    const y = canvas.height - size * (0.5 + 1.3 * (lines.length - 1 - place))
    pen.lineWidth = Math.max(2, size / 8)
    pen.strokeStyle = 'rgba(0, 0, 0, 0.6)'
    pen.strokeText(line, size / 2, y)
    pen.fillStyle = '#fff'
    pen.fillText(line, size / 2, y)
  })
  return base64Of(canvas.toDataURL('image/jpeg', 0.92))
}
