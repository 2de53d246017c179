/** How a text of arguments is understood; `problem` says what is wrong with it, and is null if nothing is. */
export interface Arguments {
  readonly args: readonly string[]
  readonly problem: string | null
}

/**
 * The arguments that a text stands for, split as a shell splits words: at blanks and at ends of lines, but not within
 * quotes; a backslash takes the next character as it is, except within single quotes. Nothing else means anything: no
 * variable, no pattern.
 */
export function parseArguments(text: string): Arguments {
  const args: string[] = []
  let word: string | null = null
  let quote: '"' | "'" | null = null
  for (let at = 0; at < text.length; at += 1) {
    const each = text.charAt(at)
    const next = text.charAt(at + 1)
    if (quote !== null) {
      if (each === quote) quote = null
      else if (quote === '"' && each === '\\' && (next === '"' || next === '\\')) {
        word = `${word ?? ''}${next}`
        at += 1
      } else word = `${word ?? ''}${each}`
    } else if (each === '"' || each === "'") {
      quote = each
      word ??= ''
    } else if (each === '\\' && next !== '') {
      word = `${word ?? ''}${next}`
      at += 1
    } else if (/\s/.test(each)) {
      if (word !== null) args.push(word)
      word = null
    } else word = `${word ?? ''}${each}`
  }
  if (word !== null) args.push(word)
  const problem =
    quote === null ? null : `A ${quote === '"' ? 'double' : 'single'} quote is not closed.`
  return { args, problem }
}

/** A text that `parseArguments` understands as these. */
export function argumentsText(args: readonly string[]): string {
  return args.map(quoted).join(' ')
}

function quoted(argument: string): string {
  if (argument !== '' && !/[\s"'\\]/.test(argument)) return argument
  return `"${argument.replaceAll(/["\\]/g, '\\$&')}"`
}
