import { Scope } from './scope.ts'

/** What browsers without the Screen Wake Lock API lack; there the screen goes dark as its owner has set it. */
interface WakeLocks {
  request(type: 'screen'): Promise<EventTarget & { release(): Promise<void> }>
}

/**
 * Keeps the screen on until the returned function is called. The system takes the lock away whenever the page is
 * hidden, so it is asked for again each time the page comes back.
 */
export function keepAwake(): () => void {
  const scope = new Scope()
  const locks = (navigator as { wakeLock?: WakeLocks }).wakeLock
  if (!locks) return () => {}
  const ask = async () => {
    if (document.visibilityState !== 'visible' || scope.closed) return
    try {
      const lock = await locks.request('screen')
      scope.add(() => void lock.release().catch(() => {}))
    } catch {
      // A low battery may refuse it; the call goes on without.
    }
  }
  scope.listen(document, 'visibilitychange', () => void ask())
  void ask()
  return () => scope.close()
}
