/** A child process whose channels echo: the far side of the process port's contract. */
import { Multiplexer } from '../../../domain/host/multiplex.ts'
import { ipcPort } from '../../../src-main/host/child-port.ts'
import { serveEcho } from './echo-side.ts'

const pipe = ipcPort(process)
new Multiplexer(pipe).onOpen((_name, port) => serveEcho(port, () => process.kill(process.pid, 'SIGKILL')))
pipe.onClose(() => process.exit(0))
