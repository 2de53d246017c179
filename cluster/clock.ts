/** The time, passed in so that tests can make it virtual. */
export interface Clock {
  /** Milliseconds since 1970. May jump. */
  wall(): number
  /** Milliseconds since some moment. Never goes back. */
  monotonic(): number
}

/** The time of this server. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
}
