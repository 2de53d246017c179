import Anser from 'anser'
import { ANSI_NAMES, colourOf, GROUNDS } from './ansi-colours.ts'
import { cssOf, inkOn, readableOn } from './contrast.ts'
import { shownLine } from './escape-sequences.ts'

/** A style of text that has a CSS class. */
export type SpanStyle = 'bold' | 'dim' | 'italic' | 'underline' | 'strikethrough'

/** A piece of a line that looks the same throughout. */
export interface Span {
  readonly text: string
  readonly styles: readonly SpanStyle[]
  /** One of the sixteen colours, which have a CSS class each; null for another or none. */
  readonly colour: string | null
  /** Any other colour, as CSS has it, made to be read in each colour scheme. */
  readonly ink: { readonly light: string; readonly dark: string } | null
  /** The colour behind it; its text is then of the colour `ink`, the same in both schemes. */
  readonly ground: string | null
}

// What anser's types do not say: they are null for text without colours.
type Colours = Readonly<Record<'fg' | 'bg' | 'fg_truecolor' | 'bg_truecolor', string | null>>

const STYLES = new Set<string>(['bold', 'dim', 'italic', 'underline', 'strikethrough'])

/** The pieces of a line that begins with the styles `before`, without those that are empty; only their text is not ours. */
export function spansOf(line: string, before = ''): readonly Span[] {
  const shown = shownLine(line)
  const text = before + shown
  if (!text.includes('\u001b')) return shown === '' ? [] : [plainSpan(shown)]
  return Anser.ansiToJson(text, { json: true, use_classes: true, remove_empty: true }).map(spanOf)
}

function spanOf(entry: Anser.AnserJsonEntry): Span {
  const colours: Colours = entry
  const { fg, bg } = colours
  const styles = entry.decorations.filter((style) => STYLES.has(style)) as SpanStyle[]
  const ground = colourOf(bg, colours.bg_truecolor)
  const front = colourOf(fg, colours.fg_truecolor)
  const look = { text: entry.content, styles: [...new Set(styles)] }
  if (ground !== null) {
    const ink = cssOf(readableOn(ground, front ?? inkOn(ground)))
    return { ...look, colour: null, ink: { light: ink, dark: ink }, ground: cssOf(ground) }
  }
  const named = ANSI_NAMES.find((name) => `ansi-${name}` === fg)
  if (front === null || named !== undefined) {
    return { ...look, colour: named ?? null, ink: null, ground: null }
  }
  const ink = {
    light: cssOf(readableOn(GROUNDS.light, front)),
    dark: cssOf(readableOn(GROUNDS.dark, front)),
  }
  return { ...look, colour: null, ink, ground: null }
}

function plainSpan(text: string): Span {
  return { text, styles: [], colour: null, ink: null, ground: null }
}
