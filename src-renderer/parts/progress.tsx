/** A bar with a name; the numbers stand beside it in words. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  return <progress className="progress" aria-label={label} value={done} max={Math.max(1, total)} />
}
