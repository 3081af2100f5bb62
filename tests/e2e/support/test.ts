import { rm } from 'node:fs/promises'
import { test as base } from '@playwright/test'
import { TestClient } from './client.ts'
import { makeTemplate, openWorkspace, type Workspace } from './workspace.ts'

export interface E2eFixtures {
  /** A real server with a fresh copy of the sample workspace. */
  workspace: Workspace
  /** Makes one more client of that server, running and with no window yet. */
  newClient: (name: string) => Promise<TestClient>
  /** The first client. */
  client: TestClient
}

/** Playwright's `test` with a real server and real clients (engine, cache, browser host) behind every page. */
export const test = base.extend<E2eFixtures, { template: string }>({
  template: [
    // Playwright reads the fixtures that are wanted from this pattern.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, provide) => {
      const template = await makeTemplate()
      await provide(template)
      await rm(template, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  workspace: async ({ template }, provide) => {
    const workspace = await openWorkspace(template)
    await provide(workspace)
    await workspace.dispose()
  },
  newClient: async ({ browser, workspace }, provide) => {
    const clients: TestClient[] = []
    await provide(async (name) => {
      const client = new TestClient(browser, workspace, name)
      clients.push(client)
      await client.start()
      return client
    })
    for (const client of clients) await client.dispose()
  },
  client: async ({ newClient }, provide) => {
    await provide(await newClient('first'))
  },
})

export { expect } from '@playwright/test'
