import { ref, type Ref } from 'vue'

const KEY = 'mingjian.text-size'

/** Larger text for the whole page, remembered on this machine. Everything is sized in `rem`, so one number does it. */
export function useTextSize(): { large: Ref<boolean>; toggle: () => void } {
  const large = ref(remembered())
  const apply = () => document.documentElement.classList.toggle('large-text', large.value)
  apply()
  return {
    large,
    toggle: () => {
      large.value = !large.value
      apply()
      try {
        localStorage.setItem(KEY, large.value ? 'large' : 'normal')
      } catch {
        // Not remembered, but large now.
      }
    },
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) === 'large'
  } catch {
    return false
  }
}
