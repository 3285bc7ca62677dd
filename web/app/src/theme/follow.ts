// Dark by system setting: both component libraries want a class on the root element.

/** Puts the pages in the system's light or dark dress, now and whenever the setting changes. */
export function followSystemTheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const dress = () => {
    document.documentElement.classList.toggle('dark', dark.matches)
    document.documentElement.classList.toggle('van-theme-dark', dark.matches)
  }
  dress()
  // Safari 14 has the event, Safari 13 would need `addListener`; we start at 14.
  dark.addEventListener('change', dress)
}
