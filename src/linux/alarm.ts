import { loadLibrary } from './library.ts'

/** Sets how many seconds this process, or what takes its place, may go on, before the system ends it; 0 is without end. */
export type SetAlarm = (seconds: number) => void

/** Makes it: alarm(2), which also ends a process whose only thread waits for a call to return. */
export function alarmSetter(): SetAlarm {
  return loadLibrary('libc.so.6').func('alarm', 'uint', ['uint'])
}
