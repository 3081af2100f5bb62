/** A child process whose channels echo: the far side of the process port's contract. */
import { linkParentProcess } from '../../../src-main/engine/host-link/host-link.ts'
import { serveEcho } from './echo-side.ts'

const die = () => process.kill(process.pid, 'SIGKILL')
const pipe = linkParentProcess(process, (_kind, port) => serveEcho(port, die))
pipe.onClose(() => process.exit(0))
