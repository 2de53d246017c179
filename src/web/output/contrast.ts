/** A colour: red, green and blue of 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

const LEAST = 4.6
const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]

/** The contrast of two colours as WCAG 2.2 has it, 1 to 21. */
export function contrastOf(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** The colour, made lighter or darker only as far as it takes to be read on `ground`. */
export function readableOn(ground: Rgb, colour: Rgb): Rgb {
  const towards = inkOn(ground)
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = mix(colour, towards, part)
    if (contrastOf(mixed, ground) >= LEAST) return mixed
  }
  return towards
}

/** Black or white, whichever is read better on `ground`. */
export function inkOn(ground: Rgb): Rgb {
  return contrastOf(ground, BLACK) > contrastOf(ground, WHITE) ? BLACK : WHITE
}

/** A colour as CSS has it. */
export function cssOf([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`
}

function mix(a: Rgb, b: Rgb, part: number): Rgb {
  const channel = (at: 0 | 1 | 2): number => Math.round(a[at] + (b[at] - a[at]) * part)
  return [channel(0), channel(1), channel(2)]
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
