/** One pixel as it lies in memory on the platforms that Electron runs on: blue, green, red, alpha. */
type Pixel = readonly [blue: number, green: number, red: number, alpha: number]

const clear: Pixel = [0, 0, 0, 0]
const ink: Pixel = [0xd9, 0x5f, 0x3d, 0xff]
const paper: Pixel = [0xff, 0xff, 0xff, 0xff]
const alarm: Pixel = [0x2b, 0x2b, 0xe5, 0xff]

/** A square picture, pixel by pixel, as Electron's `createFromBitmap` wants it. */
function draw(size: number, pixelAt: (x: number, y: number) => Pixel): Buffer {
  const pixels: number[] = []
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) pixels.push(...pixelAt((x + 0.5) / size, (y + 0.5) / size))
  return Buffer.from(pixels)
}

const inCircle = (x: number, y: number, centreX: number, centreY: number, radius: number) =>
  (x - centreX) ** 2 + (y - centreY) ** 2 <= radius ** 2

/** A sheet with three lines on it, and a dot at its corner while something is unread. */
export function trayBitmap(size: number, unread: boolean): Buffer {
  return draw(size, (x, y) => {
    if (unread && inCircle(x, y, 0.76, 0.24, 0.22)) return alarm
    if (x < 0.16 || x > 0.84 || y < 0.06 || y > 0.94) return clear
    const isLine = x > 0.28 && x < 0.72 && [0.36, 0.54, 0.72].some((at) => Math.abs(y - at) < 0.045)
    return isLine ? paper : ink
  })
}

/** The dot alone, for Windows to lay over the taskbar's button. */
export function unreadDotBitmap(size: number): Buffer {
  return draw(size, (x, y) => (inCircle(x, y, 0.5, 0.5, 0.45) ? alarm : clear))
}
