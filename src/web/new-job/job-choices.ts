/** How many jobs somebody has, and may have; `most` is null for any number. */
export interface JobCount {
  readonly used: number
  readonly most: number | null
}

/** What can be chosen for a job, and how many the user may have. */
export interface JobChoices {
  readonly clusters: readonly {
    readonly name: string
    readonly isDefault: boolean
    /** False while it does not answer. */
    readonly available: boolean
  }[]
  readonly commands: readonly {
    readonly name: string
    readonly title: string
    /** True if it takes arguments beside its own. */
    readonly arguments: boolean
  }[]
  readonly limits: { readonly running: JobCount; readonly waiting: JobCount }
}
