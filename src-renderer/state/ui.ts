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
  /** A step to closed that waits for its reason. */
  closing: { quote: string; step: NextState } | null
  filterEditor: Dimension | 'menu' | null
  activeIndex: number
}

export type Ui = StoreApi<UiState>

export const createUi = (): Ui =>
  createStore<UiState>(() => ({
    palette: false,
    shortcuts: false,
    sync: false,
    signingOut: false,
    statusMenu: false,
    closing: null,
    filterEditor: null,
    activeIndex: 0,
  }))
