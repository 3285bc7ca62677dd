// Folder paths as the server prints them: `/`, `/2018/`, `/2018/二月/`.

/** A step on the way from the root to a folder. */
export interface Step {
  path: string
  name: string
}

/** The way to a folder, without the root. */
export function stepsTo(path: string): Step[] {
  const names = path.split('/').filter((name) => name !== '')
  return names.map((name, at) => ({ name, path: `/${names.slice(0, at + 1).join('/')}/` }))
}

/** The path of a folder in a folder. */
export function pathIn(folder: string, name: string): string {
  return `${folder}${name.trim()}/`
}

/** Whether a text can name a folder; the server decides anew. */
export function isName(name: string): boolean {
  const text = name.trim()
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  return text !== '' && text !== '.' && text !== '..' && !/[/\u0000-\u001f\u007f-\u009f]/.test(text)
}

/** How full something is, 0 to 100; null where there is no limit. */
export function percentOf(used: number, quota: number | null): number | null {
  if (quota === null) return null
  if (quota <= 0) return 100
  return Math.min(100, Math.round((used / quota) * 100))
}
