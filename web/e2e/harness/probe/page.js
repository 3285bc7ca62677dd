// Looks over a page's shoulder: which picture of somebody else was seen first and what was said of the recording then; with
// `window.__probeSends` set, also what is captured and what the encoders give out. It changes nothing of what the page does.
;(() => {
  const now = () => performance.timeOrigin + performance.now()
  const seen = { first: [], videos: 0 }

  /** Whether the page says at this moment, for the eye to see, that it records. */
  const says = () =>
    [...document.querySelectorAll('[role=status]')].some(
      (element) =>
        element.textContent.includes('录制中') && element.checkVisibility({ visibilityProperty: true }),
    )

  const find = (label) =>
    [...document.querySelectorAll('video')].find((one) => one.getAttribute('aria-label')?.includes(label))

  /** Whether one would see the picture at this moment: nothing lies over its middle. */
  function uncovered(video) {
    const { left, top, width, height } = video.getBoundingClientRect()
    return document.elementFromPoint(left + width / 2, top + height / 2) === video
  }

  const watched = new WeakSet()
  function watch(video) {
    if (watched.has(video)) return
    watched.add(video)
    const next = () =>
      video.requestVideoFrameCallback(() => {
        // One's own picture is silent; whatever else plays here comes from somebody else.
        if (video.muted || !uncovered(video)) return next()
        seen.first.push({ at: now(), label: video.getAttribute('aria-label'), recording: says() })
      })
    next()
  }
  new MutationObserver(() => document.querySelectorAll('video').forEach(watch)).observe(document, {
    subtree: true,
    childList: true,
  })

  let worker = null
  const asked = new Map()
  function ours() {
    if (worker) return worker
    worker = new Worker('/e2e-probe-worker.js')
    worker.addEventListener('message', ({ data }) => asked.get(data.report)?.(data.notes))
    return worker
  }

  if (window.__probeSends) {
    let connections = 0
    const numbers = new WeakMap()
    const { addTransceiver } = RTCPeerConnection.prototype
    RTCPeerConnection.prototype.addTransceiver = function (source, init) {
      const line = addTransceiver.call(this, source, init)
      if (!numbers.has(this)) numbers.set(this, connections++)
      if (init?.direction === 'sendonly')
        line.sender.transform = new RTCRtpScriptTransform(ours(), {
          connection: numbers.get(this),
          kind: typeof source === 'string' ? source : source.kind,
        })
      return line
    }
    const { getUserMedia } = MediaDevices.prototype
    MediaDevices.prototype.getUserMedia = async function (constraints) {
      const stream = await getUserMedia.call(this, constraints)
      for (const [name, [track]] of [
        ['camera', stream.getVideoTracks()],
        ['microphone', stream.getAudioTracks()],
      ]) {
        if (!track) continue
        const copy = track.clone()
        // The page's own track ends when it lets go of the device; so must the copy, or the light would stay on.
        const { stop } = track
        track.stop = () => (copy.stop(), stop.call(track))
        const { readable } = new MediaStreamTrackProcessor({ track: copy })
        ours().postMessage({ [name]: readable }, [readable])
      }
      return stream
    }
  }

  window.__probe = {
    seen,
    /** What the worker has noted so far. */
    notes: () =>
      new Promise((resolve) => {
        asked.set(asked.size, resolve)
        ours().postMessage({ report: asked.size - 1 })
      }),
    /** Resolves when a video has shown `wanted` further frames; rejects after `patience` milliseconds. */
    moves: (label, wanted, patience) =>
      new Promise((resolve, reject) => {
        const video = find(label)
        let count = 0
        const stuck = () => {
          const { readyState, paused, videoWidth } = video
          const state = JSON.stringify({ readyState, paused, videoWidth, visible: document.visibilityState })
          reject(new Error(`the picture of ${label} stood still after ${count} frames: ${state}`))
        }
        const timer = setTimeout(stuck, patience)
        const next = () =>
          video.requestVideoFrameCallback(() => {
            if (++count < wanted || video.videoWidth === 0) return next()
            clearTimeout(timer)
            resolve()
          })
        next()
      }),
    /** The loudest frequency, in hertz, in what one video plays within `ms`. */
    hear: async (label, ms) => {
      const video = find(label)
      const context = new AudioContext()
      await context.resume()
      const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 })
      context.createMediaStreamSource(new MediaStream(video.srcObject.getAudioTracks())).connect(analyser)
      const bins = new Float32Array(analyser.frequencyBinCount)
      let loudest = { level: -Infinity, hz: 0 }
      for (const end = performance.now() + ms; performance.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        analyser.getFloatFrequencyData(bins)
        bins.forEach((level, bin) => {
          if (level > loudest.level) loudest = { level, hz: (bin * context.sampleRate) / analyser.fftSize }
        })
      }
      await context.close()
      return loudest
    },
    /** The brightness of the number blocks of several videos, all of one moment; null where there is no picture. */
    blocks: (labels) => {
      const canvas = new OffscreenCanvas(20, 1)
      const context = canvas.getContext('2d', { willReadFrequently: true })
      return labels.map((label) => {
        const video = find(label)
        if (!video || video.videoWidth === 0) return null
        const { videoWidth: width, videoHeight: height } = video
        context.drawImage(video, 0, height * (1 - 20 / 480), width, height * (8 / 480), 0, 0, 20, 1)
        const { data } = context.getImageData(0, 0, 20, 1)
        return Array.from({ length: 20 }, (_, block) => data[block * 4])
      })
    },
  }
})()
