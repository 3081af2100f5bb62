import { createStore, type StoreApi } from 'zustand/vanilla'
import type { NextState } from '../../domain/rpc/quotes.ts'
import type { Dimension } from '../words/filters.ts'

/** What is open over the window, and which row the keyboard stands on. */
export interface UiState {
  palette: boolean
  shortcuts: boolean
  sync: boolean
  signingOut: boolean
  statusMenu: boolean
  /** The quote page takes the focus as soon as it is drawn. */
  focusPage: boolean
  /** A step to closed that waits for its reason. */
  closing: { quote: string; label: string; step: NextState } | null
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
    signingOut: false,
    statusMenu: false,
    focusPage: false,
    closing: null,
    filterEditor: null,
    activeIndex: 0,
    customerNames: new Map(),
  }))
