/** The plugin does not do what a check asks for: the check fails with this sentence. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure'
}

/** The plugin says that it cannot do what a check asks for, and may; `message` tells why. */
export class NotSupported extends Error {
  override readonly name = 'NotSupported'
}

/** Fails the check with `message` unless `condition` holds. */
export function expect(condition: boolean, message: string): asserts condition {
  if (!condition) throw new CheckFailure(message)
}

/** What came of one check. */
export interface Verdict {
  readonly name: string
  /** What a plugin has to do, in a sentence. */
  readonly behaviour: string
  readonly result: 'pass' | 'fail' | 'not supported' | 'skipped'
  /** Why it is not a pass. */
  readonly why?: string
  /** What the protocol says about it; told with a failure. */
  readonly says: string
  readonly milliseconds: number
}
