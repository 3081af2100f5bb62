import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import type { StreamChange, StreamEvent } from '../../domain/wire/stream-event.ts'
import { serverConfig } from '../../server/config.ts'
import { ProblemError } from '../../server/http/problem-error.ts'
import { backupTo } from '../../server/store/backup.ts'
import { compact } from '../../server/store/compact.ts'
import { canonical } from '../../server/store/fold.ts'
import { openStore, type Store } from '../../server/store/store.ts'
import { mutate } from '../../server/sync/mutate.ts'
import { pull } from '../../server/sync/pull.ts'
import { createSnapshots, type Snapshots } from '../../server/sync/snapshots.ts'
import { copyAsKilled } from '../fuzz/support/files.ts'
import { addDraft, handClock, seedWorld, tempDataDir } from '../integration/support/world.ts'
import type { Mutated, Pulled, StreamStore } from './storage-contract.ts'

const farBehind = 100_000

type KnownQuote = Extract<StreamChange, { type: 'quote.added' }>['data']

/** The server's own store behind the contract. Names are quotes in a team's stream; edits are notes on one of them. */
export async function openSqliteStreamStore(): Promise<StreamStore> {
  const { dir, remove } = tempDataDir()
  const clock = handClock()
  const unshared = { ...serverConfig({ dataDir: dir }).snapshot, shareMs: 0 }
  const log = pino({ level: 'silent' })
  const backupFile = path.join(dir, 'backup.db')
  let generation = 0
  const fileOf = () => path.join(dir, `run-${generation}`, 'quotedesk.db')
  let store: Store = await openStore({ file: fileOf(), clock })
  let snapshots: Snapshots = createSnapshots(store, clock, unshared)
  const world = await seedWorld(store)
  const { stream } = world.north
  const quote = await store.transact((tx) => addDraft(tx, world))

  const open = async () => {
    store = await openStore({ file: fileOf(), clock })
    snapshots = createSnapshots(store, clock, unshared)
  }
  const stop = async () => {
    await snapshots.close()
    await store.close()
  }

  return {
    epoch: () => store.epoch,
    append: async (names, fails = false) => {
      await store.transact(async (tx) => {
        for (const title of names) await addDraft(tx, world, { title })
        if (fails) throw new Error('broken off')
      })
    },
    pull: async (after, { epoch = store.epoch, limit = 5_000 } = {}): Promise<Pulled> => {
      try {
        const [header = '', ...events] = (await pull(store, { stream, epoch, after, limit }, farBehind))
          .trimEnd()
          .split('\n')
        return { head: (JSON.parse(header) as { head: number }).head, events }
      } catch (error) {
        const { data } = problemOf(error)
        return { resync: (data as { reason: string }).reason }
      }
    },
    snapshot: async () => {
      const rows: string[] = []
      let header = { epoch: '', seq: 0, pages: 1, snapshot_id: '' }
      for (let page = 0; page < header.pages; page += 1) {
        const text = await snapshots.page(stream, page, page === 0 ? null : header.snapshot_id)
        const [first = '', ...lines] = text.toString().trimEnd().split('\n')
        header = JSON.parse(first) as typeof header
        rows.push(...lines.map((line) => canonical(JSON.parse(line))))
      }
      return { epoch: header.epoch, seq: header.seq, rows: rows.toSorted() }
    },
    fold: (rows, events) => {
      const state = new Map<string, KnownQuote>()
      const take = (change: StreamChange) => {
        if (change.type === 'quote.added') state.set(change.data.quote.id, change.data)
        if (change.type !== 'quote.changed') return
        const { quote: now, entry } = change.data
        state.set(now.id, { quote: now, history: [...(state.get(now.id)?.history ?? []), entry] })
      }
      for (const row of rows) take(JSON.parse(row) as StreamChange)
      for (const text of events) take((JSON.parse(text) as StreamEvent).change)
      return [...state.values()].map((data) => canonical({ type: 'quote.added', data })).toSorted()
    },
    mutate: async (clientId, edits): Promise<Mutated> => {
      const mutations = edits.map(({ id, text }) => ({
        name: 'quote.add_note' as const,
        mutation_id: id,
        quote: quote.id,
        text,
      }))
      try {
        const answers = await mutate({ store, log }, { client_id: clientId, person_id: world.mia.id }, mutations)
        return { answers }
      } catch (error) {
        return { gap: (problemOf(error).data as { expected_mutation_id: number }).expected_mutation_id }
      }
    },
    compact: async (keep) => {
      clock.advance(1)
      await compact(store, clock, { keepMs: 0, keepEvents: keep })
    },
    crash: async () => {
      // What a killed process leaves: the files as they are now. Closing in order would tidy them up first.
      const killed = fileOf()
      generation += 1
      copyAsKilled(killed, fileOf())
      await stop()
      await open()
    },
    backup: async () => {
      rmSync(backupFile, { force: true })
      await backupTo(store, backupFile)
    },
    restore: async () => {
      await stop()
      generation += 1
      mkdirSync(path.dirname(fileOf()), { recursive: true })
      copyFileSync(backupFile, fileOf())
      await open()
    },
    close: async () => {
      await stop()
      remove()
    },
  }
}

function problemOf(error: unknown): ProblemError['problem'] {
  if (error instanceof ProblemError) return error.problem
  throw error
}
