import { config } from 'zod'

// The page's policy forbids compiling code from text. Zod would try, be refused and report it to the console each time.
config({ jitless: true })
