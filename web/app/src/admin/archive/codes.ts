// The code tables, read once by every list that shows names for codes.

import { computed, shallowRef } from 'vue'
import { listCodeTables, type Code, type CodeTable, type TableName } from '@/api/archive'
import { sentenceOf } from '@/api/problem'
import { useLoggedOut } from '@/parts/logged-out'

/** Reads the tables. Call it in `setup`. */
export function useCodes() {
  const loggedOut = useLoggedOut()
  const tables = shallowRef<CodeTable[]>([])
  const problem = shallowRef('')
  const loading = shallowRef(false)
  const loaded = shallowRef(false)

  async function reload(): Promise<void> {
    problem.value = ''
    loading.value = true
    try {
      tables.value = await listCodeTables()
      loaded.value = true
    } catch (error) {
      if (!loggedOut(error)) problem.value = sentenceOf(error)
    } finally {
      loading.value = false
    }
  }
  void reload()

  const of = (name: TableName): Code[] => tables.value.find((table) => table.name === name)?.items ?? []
  return {
    problem,
    loading,
    loaded,
    reload,
    of,
    materials: computed(() => of('MATERIAL')),
    bizTypes: computed(() => of('ACCT_BIZ_TYP')),
    /** The name of a code; the code itself where it has none any more. */
    nameOf: (table: TableName, code: string) => of(table).find((known) => known.code === code)?.name ?? code,
  }
}
