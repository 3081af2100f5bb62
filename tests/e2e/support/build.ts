import { ensureBuilt } from '../../../tools/build/ensure-built.ts'

/** Before all tests: they run what is built, so that has to be built from the present sources. */
export default async function build(): Promise<void> {
  await ensureBuilt()
}
