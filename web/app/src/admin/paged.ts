// A list that is read page by page, for every section that shows one.

import { ref, shallowRef } from 'vue'
import type { Page } from '@/api/page'
import { sentenceOf } from '@/api/problem'
import { useLoggedOut } from '@/parts/logged-out'

/** Reads pages with `ask` and keeps what came so far. Call it in `setup`; `reload()` reads the first page. */
export function usePaged<T>(ask: (cursor: string | null) => Promise<Page<T>>) {
  const loggedOut = useLoggedOut()
  const items = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const loading = ref(false)
  /** The first page has come. */
  const loaded = ref(false)
  const problem = ref('')
  /** Answers of an older question that come late are dropped. */
  let turn = 0

  async function load(cursor: string | null): Promise<void> {
    const mine = ++turn
    loading.value = true
    problem.value = ''
    try {
      const page = await ask(cursor)
      if (mine !== turn) return
      items.value = cursor === null ? page.items : [...items.value, ...page.items]
      next.value = page.next
      loaded.value = true
    } catch (error) {
      if (mine === turn && !loggedOut(error)) problem.value = sentenceOf(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  return {
    items,
    next,
    loading,
    loaded,
    problem,
    reload: () => load(null),
    more: () => load(next.value),
  }
}
