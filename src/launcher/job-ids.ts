const SEPARATOR = ':'

/** A job by the Launcher cluster it is in, and its id there. */
export interface JobPlace {
  readonly cluster: string
  readonly id: string
}

/**
 * The id of a job outside of its Launcher cluster: `cluster:id`, and in the default cluster just what it is there.
 * Names of clusters have no colon.
 */
export function qualifiedId({ cluster, id }: JobPlace, standard: string): string {
  return cluster === standard && !id.includes(SEPARATOR) ? id : `${cluster}${SEPARATOR}${id}`
}

/** Where the job of this id is; whether there is one is another question. */
export function placeOf(qualified: string, standard: string): JobPlace {
  const end = qualified.indexOf(SEPARATOR)
  if (end < 0) return { cluster: standard, id: qualified }
  return { cluster: qualified.slice(0, end), id: qualified.slice(end + 1) }
}
