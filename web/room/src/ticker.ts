/**
 * A steady tick that a hidden tab keeps. Browsers let timers of a tab that has been hidden for minutes fire once a
 * minute (Chrome: "intensive throttling"), too rarely for a server that gives up after 15 seconds of silence; timers of
 * a worker are left alone. Where no worker can be started the page's own timer does.
 *
 * @returns the function that stops it
 */
export function every(interval_ms: number, tick: () => void): () => void {
  let stop = () => {}
  const useTimer = () => {
    const timer = setInterval(tick, interval_ms)
    stop = () => clearInterval(timer)
  }
  const worker = startWorker()
  if (worker) {
    stop = () => worker.terminate()
    worker.onmessage = () => tick()
    // A worker whose script is refused (by a content security policy, say) says so only after it was made.
    worker.onerror = () => {
      worker.terminate()
      useTimer()
    }
    worker.postMessage(interval_ms)
  } else useTimer()
  return () => stop()
}

function startWorker(): Worker | null {
  if (typeof Worker === 'undefined') return null
  try {
    return new Worker(new URL('./ticker-worker.ts', import.meta.url), { type: 'module' })
  } catch {
    return null
  }
}
