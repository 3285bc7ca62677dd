// One folder as the page shows it: a page of its files, as of the moment at which the folder was opened.

import { ref, shallowRef } from 'vue'
import { listFiles, findUsage, type FolderPage, type Usage } from '@/api/files'
import { sentenceOf } from '@/api/problem'
import { useLoggedOut } from '@/parts/logged-out'

export const PAGE_SIZE = 20

/** Call it in `setup`; `open('/')` reads. */
export function useFolder() {
  const loggedOut = useLoggedOut()
  const path = ref('/')
  const shown = shallowRef<FolderPage | null>(null)
  const usage = shallowRef<Usage | null>(null)
  const loading = ref(false)
  const problem = ref('')
  /** Answers of an older question that come late are dropped. */
  let turn = 0

  async function read(folder: string, page: number, searchTime: string | null): Promise<void> {
    const mine = ++turn
    loading.value = true
    problem.value = ''
    try {
      const [files, used] = await Promise.all([listFiles(folder, page, PAGE_SIZE, searchTime), findUsage()])
      if (mine !== turn) return
      path.value = folder
      shown.value = files
      usage.value = used
    } catch (error) {
      if (mine === turn && !loggedOut(error)) problem.value = sentenceOf(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  return {
    path,
    shown,
    usage,
    loading,
    problem,
    /** Opens a folder as it is now. */
    open: (folder: string) => read(folder, 1, null),
    /** Reads the folder again as it is now. */
    reload: () => read(path.value, 1, null),
    /** Reads the page that one is on again as it is now. */
    reread: () => read(path.value, shown.value?.page ?? 1, null),
    /** Another page of the same listing. */
    turnTo: (page: number) => read(path.value, page, shown.value?.search_time ?? null),
  }
}
