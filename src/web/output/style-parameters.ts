/**
 * The parameters of a style sequence in the older way of writing, which is all that the parser of styles knows; null if
 * nothing of it can be shown.
 */
export function simpleStyle(parameters: string): string | null {
  if (!/:|58/.test(parameters)) return parameters
  const simple = parameters
    .split(';')
    .map(withoutColons)
    .filter((parameter) => parameter !== null)
    .join(';')
    // The colour of an underline is not shown.
    .replace(/(^|;)58;(?:5;\d+|2;\d+;\d+;\d+)/g, '')
    .replace(/^;/, '')
  return simple === '' ? null : simple
}

/** Whether a style sequence resets all styles, and what it sets after that; null for nothing. */
export function afterReset(parameters: string): {
  readonly reset: boolean
  readonly rest: string | null
} {
  const numbers = parameters.split(';')
  let from = -1
  for (let at = 0; at < numbers.length; at += width(numbers, at)) {
    if (Number(numbers[at]) === 0) from = at
  }
  const rest = numbers.slice(from + 1)
  return { reset: from !== -1, rest: rest.length === 0 ? null : rest.join(';') }
}

// Colours of a palette or of red, green and blue take numbers of their own, which may be 0.
function width(numbers: readonly string[], at: number): number {
  if (numbers[at] !== '38' && numbers[at] !== '48') return 1
  return numbers[at + 1] === '5' ? 3 : numbers[at + 1] === '2' ? 5 : 1
}

function withoutColons(parameter: string): string | null {
  if (!parameter.includes(':')) return parameter
  const colour = /^([34]8):(?:5:(\d+)|2:(?:\d*:)?(\d+):(\d+):(\d+))$/.exec(parameter)
  if (colour !== null) {
    const [, where, index, red, green, blue] = colour
    return index === undefined ? `${where};2;${red};${green};${blue}` : `${where};5;${index}`
  }
  // Kinds of underlines: all are shown as one line.
  if (/^4:\d+$/.test(parameter)) return parameter === '4:0' ? '24' : '4'
  return null
}
