import type { Rgb } from './contrast.ts'

/** The backgrounds of the page, on which output is read. */
export const GROUNDS = { light: [255, 255, 255], dark: [31, 33, 37] } as const satisfies Record<
  string,
  Rgb
>

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

/** The names of the sixteen colours that every terminal has, in their order. */
export const ANSI_NAMES: readonly string[] = [...NAMES, ...NAMES.map((name) => `bright-${name}`)]

const SIXTEEN: readonly Rgb[] = [
  [0, 0, 0],
  [205, 49, 49],
  [13, 152, 94],
  [190, 160, 16],
  [36, 114, 200],
  [188, 63, 188],
  [17, 148, 184],
  [210, 210, 210],
  [102, 102, 102],
  [241, 76, 76],
  [35, 209, 139],
  [245, 245, 67],
  [59, 142, 234],
  [214, 112, 214],
  [41, 184, 219],
  [255, 255, 255],
]
const STEPS = [0, 95, 135, 175, 215, 255] as const

/** The colour that anser's class, with its true colour, stands for; null for none. */
export function colourOf(name: string | null, trueColour: string | null): Rgb | null {
  if (name === null) return null
  if (name === 'ansi-truecolor') return rgbOf(trueColour)
  const palette = /^ansi-palette-(\d+)$/.exec(name)
  if (palette !== null) return paletteColour(Number(palette[1]))
  return SIXTEEN[ANSI_NAMES.indexOf(name.replace(/^ansi-/, ''))] ?? null
}

/** The colour `index` of the palette of 256. */
export function paletteColour(index: number): Rgb {
  if (index < 16) return SIXTEEN[index] ?? [0, 0, 0]
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return [grey, grey, grey]
  }
  const step = (divisor: number): number => STEPS[Math.floor((index - 16) / divisor) % 6] ?? 0
  return [step(36), step(6), step(1)]
}

function rgbOf(text: string | null): Rgb | null {
  const [red, green, blue] = (text ?? '').split(',').map(Number)
  if (red === undefined || green === undefined || blue === undefined) return null
  return [red, green, blue]
}
