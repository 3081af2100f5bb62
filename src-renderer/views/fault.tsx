import { Button } from '@radix-ui/themes'
import { useData } from '../app/desk-context.tsx'

/** Something broke that should not: said openly, because what is shown may have stopped moving. */
export function Fault() {
  const fault = useData((data) => data.fault)
  if (fault === null) return null
  return (
    <p className="banner fault" role="alert">
      <span>This window has stopped following changes: {fault} Nothing is lost; load it again to go on.</span>
      <Button size="1" variant="soft" color="gray" onClick={() => window.location.reload()}>
        Load again
      </Button>
    </p>
  )
}
