import koffi, { type LibraryHandle } from 'koffi'

/** A library of the system by its file name, such as `libc.so.6`. Throws an Error that names it when it is not there. */
export function loadLibrary(file: string): LibraryHandle {
  try {
    return koffi.load(file)
  } catch (error) {
    throw new Error(`The library ${file} cannot be loaded on this system.`, { cause: error })
  }
}

/**
 * Gives what is called by FFI as much stack as a main thread has, and room for the longest command lines. Before anything is
 * loaded; for programs that do nothing else.
 */
export function makeRoom(): void {
  koffi.config({ sync_stack_size: 8 << 20, sync_heap_size: 16 << 20 })
}
