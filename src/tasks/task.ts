/** A reconciler: it acts on what it reads, so it needs no input and may be activated at any time and any number of times. */
export interface Task {
  readonly name: string
  /** The longest time between two activations, in ms; hints come on top. */
  readonly period: number
  /** Does what there is to do now. The driver never runs two activations at once. */
  activate(signal: AbortSignal): Promise<void>
}
