import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { keptTake } from '../fakes/shelf.ts'
import { IndexedShelf, isFinished } from './shelf.ts'

const bytes = (...values: number[]) => Uint8Array.from(values).buffer

async function filled(factory = new IDBFactory()) {
  const shelf = new IndexedShelf(factory)
  let take = keptTake(0, { ended: false })
  await shelf.put(take)
  for (const piece of [bytes(0, 1, 2), bytes(3), bytes(4, 5, 6, 7)]) take = await shelf.append(take, piece)
  return { shelf, take }
}

it('reads any stretch of a take, across its pieces', async () => {
  const { shelf, take } = await filled()
  expect(take.bytes).toBe(8)
  for (let from = 0; from <= 8; from++)
    for (let most = 1; most <= 9; most++) {
      const wanted = [0, 1, 2, 3, 4, 5, 6, 7].slice(from, from + most)
      expect([...(await shelf.read(take.id, from, most))], `${most} from ${from}`).toEqual(wanted)
    }
})

it('finds everything again after the tab was gone', async () => {
  const disk = new IDBFactory()
  const { take } = await filled(disk)
  const later = new IndexedShelf(disk)
  expect(await later.list()).toEqual([take])
  expect([...(await later.read(take.id, 2, 3))]).toEqual([2, 3, 4])
})

it('keeps a piece and the new length both or neither', async () => {
  const { shelf, take } = await filled()
  // The same place a second time is refused, and the length must not have grown.
  await expect(shelf.append({ ...take, bytes: 4 }, bytes(9))).rejects.toThrow()
  expect(await shelf.find(take.id)).toEqual(take)
})

it('forgets a take with its bytes, and no other', async () => {
  const { shelf, take } = await filled()
  const other = await shelf.append(keptTake(0, { id: 'f'.repeat(32) }), bytes(42))
  await shelf.remove(take.id)
  expect(await shelf.find(take.id)).toBeNull()
  expect((await shelf.read(take.id, 0, 10)).length).toBe(0)
  expect(await shelf.list()).toEqual([other])
  expect([...(await shelf.read(other.id, 0, 10))]).toEqual([42])
})

it('takes a recording whose tab fell silent for one that has ended', () => {
  const take = keptTake(8, { ended: false, touched_at: 100_000 })
  expect(isFinished(take, 110_000)).toBe(false)
  expect(isFinished(take, 116_000)).toBe(true)
  expect(isFinished({ ...take, ended: true }, 100_000)).toBe(true)
})
