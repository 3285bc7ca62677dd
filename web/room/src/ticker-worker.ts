/** The worker's side of `ticker.ts`: told an interval in milliseconds, it posts a message each time it has passed. */
self.onmessage = (event: MessageEvent<number>) => {
  setInterval(() => self.postMessage(0), event.data)
}
