import koffi, { type LibraryHandle } from 'koffi'

/** A library of the system by its file name, such as `libc.so.6`. Throws an Error that names it when it is not there. */
export function loadLibrary(file: string): LibraryHandle {
  try {
    return koffi.load(file)
  } catch (error) {
    throw new Error(`The library ${file} cannot be loaded on this system.`, { cause: error })
  }
}
