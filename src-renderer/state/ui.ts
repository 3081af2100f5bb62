import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ShownAlert } from '../../domain/rpc/alerts.ts'
import type { NextState, QuoteDetail } from '../../domain/rpc/quotes.ts'
import type { Dimension } from '../words/filters.ts'

/** What a person asked for before the page of the quote was there. */
export type Wish = 'edit' | 'extend' | 'reassign' | 'note'

/** A change of this window, as its message tells it. `created`: the quote that came with it and goes when it is undone. */
export interface MadeChange {
  entry: number
  words: string
  created: string | null
}

/** What is open over the window, and which row the keyboard stands on. */
export interface UiState {
  palette: boolean
  shortcuts: boolean
  sync: boolean
  /** Streams, hashes and repair: the long form of the sync panel. */
  syncDetails: boolean
  /** The change in conflict, by its entry, that is being decided. */
  resolving: number | null
  discardingRefused: boolean
  signingOut: boolean
  statusMenu: boolean
  /** The quote page takes the focus as soon as it is drawn. */
  focusPage: boolean
  /** A step to closed that waits for its reason. */
  closing: { quote: string; label: string; step: NextState } | null
  wish: Wish | null
  /** The quote whose new owner is being chosen. */
  reassigning: QuoteDetail | null
  noting: { quote: string; label: string } | null
  /** Alerts that wait for the note they are resolved with. */
  resolvingAlerts: readonly ShownAlert[] | null
  /** The menu of snoozing, at the head of the alerts. */
  snoozing: boolean
  /** G was pressed: the next key says where to. */
  going: boolean
  /** Notes that were begun and not saved, by quote. */
  noteDrafts: ReadonlyMap<string, string>
  /** The open form takes the focus. */
  focusForm: boolean
  /** Somebody wants to leave the open form: it asks first when something would be lost. */
  leavingForm: boolean
  /** The newest change made in this window: what "undo" undoes. */
  lastChange: MadeChange | null
  filterEditor: Dimension | 'menu' | null
  activeIndex: number
  /** Names of customers met in filters: the directory does not list all. */
  customerNames: ReadonlyMap<string, string>
}

export type Ui = StoreApi<UiState>

export const createUi = (): Ui =>
  createStore<UiState>(() => ({
    palette: false,
    shortcuts: false,
    sync: false,
    syncDetails: false,
    resolving: null,
    discardingRefused: false,
    signingOut: false,
    statusMenu: false,
    focusPage: false,
    closing: null,
    wish: null,
    reassigning: null,
    noting: null,
    resolvingAlerts: null,
    snoozing: false,
    going: false,
    noteDrafts: new Map(),
    focusForm: false,
    leavingForm: false,
    lastChange: null,
    filterEditor: null,
    activeIndex: 0,
    customerNames: new Map(),
  }))
