// The way in for apps: a WebView opens /sdk/bridge, posts `{mingjian: 1, id, verb, params}` into the window and gets
// `{mingjian: 1, id, result}` back, and `{mingjian: 1, event, value}` for what happens by itself.

export interface Ask {
  mingjian: 1
  id: string | number
  verb: string
  params?: unknown
}

export type Verbs = Record<string, (params: never) => unknown>

/** Where a WebView listens, by platform. */
interface Hosts {
  webkit?: { messageHandlers?: { mingjian?: { postMessage(message: unknown): void } } }
  MingjianNative?: { postMessage(text: string): void }
  ReactNativeWebView?: { postMessage(text: string): void }
  wx?: { miniProgram?: { postMessage(message: { data: unknown }): void } }
}

/** Tells the app around this page; false where there is none. */
export function tellHost(message: unknown, window: Hosts): boolean {
  const apple = window.webkit?.messageHandlers?.mingjian
  if (apple) apple.postMessage(message)
  const text = window.MingjianNative ?? window.ReactNativeWebView
  text?.postMessage(JSON.stringify(message))
  window.wx?.miniProgram?.postMessage({ data: message })
  return Boolean(apple ?? text ?? window.wx?.miniProgram)
}

function readAsk(data: unknown): Ask | null {
  let value: unknown = data
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value)
    } catch {
      return null
    }
  }
  if (typeof value !== 'object' || value === null) return null
  const { mingjian, id, verb } = value as Partial<Ask>
  const known =
    mingjian === 1 && typeof verb === 'string' && (typeof id === 'string' || typeof id === 'number')
  return known ? (value as Ask) : null
}

/**
 * Serves the verbs until the returned function is called. Only this page's own window may ask: an app's WebView runs its
 * messages in it; a page of another site that framed or opened this one does not.
 */
export function serve(
  verbs: Verbs,
  host: Window & Hosts = window,
): { close: () => void; tell: (event: string, value: unknown) => void } {
  const hear = (event: MessageEvent) => {
    const own =
      event.source === host &&
      (event.origin === host.location.origin || event.origin === '' || event.origin === 'null')
    const ask = own ? readAsk(event.data) : null
    if (!ask) return
    void answer(verbs, ask).then((result) => tellHost({ mingjian: 1, id: ask.id, result }, host))
  }
  host.addEventListener('message', hear)
  return {
    close: () => host.removeEventListener('message', hear),
    tell: (event, value) => void tellHost({ mingjian: 1, event, value }, host),
  }
}

async function answer(verbs: Verbs, ask: Ask): Promise<unknown> {
  const verb = Object.prototype.hasOwnProperty.call(verbs, ask.verb) ? verbs[ask.verb] : undefined
  if (!verb) return { code: 404, success: false, data: null, msg: `没有 ${ask.verb} 这个方法` }
  try {
    return (await verb((ask.params ?? {}) as never)) ?? null
  } catch {
    return { code: 500, success: false, data: null, msg: '执行失败，请稍后再试' }
  }
}
