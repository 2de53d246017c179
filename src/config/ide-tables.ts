import { z } from 'zod'
import { ABSOLUTE_PATH, absolutePath, KEY_FACTS } from './key-facts.ts'

const languagePlaces = (language: string, example: string) =>
  z
    .strictObject({
      paths: z
        .array(z.string().regex(/^(~\/|\/)/))
        .default([])
        .register(KEY_FACTS, {
          description: `Where else to look for ${language}: programs, environments or patterns of them.`,
          otherwise: 'only the usual places',
          example: [example],
          right: 'a list of paths that begin with / or ~/',
        }),
      modules: z
        .array(z.string().min(1))
        .default([])
        .register(KEY_FACTS, {
          description: `Environment modules that bring ${language}.`,
          otherwise: 'none',
          example: [`${language.toLowerCase()}/latest`],
          right: 'a list of names of modules',
        }),
    })
    .prefault({})

/** `[ides]`: which IDEs there are. */
export const idesTable = z
  .strictObject({
    directory: absolutePath.optional().register(KEY_FACTS, {
      description: 'Where IDEs are installed.',
      otherwise: 'the folder ides in data.directory',
      example: '/opt/atelier/ides',
      right: ABSOLUTE_PATH,
    }),
    install: z.boolean().default(true).register(KEY_FACTS, {
      description: 'Whether atelier start installs the IDEs that are missing.',
    }),
    rserver: absolutePath.optional().register(KEY_FACTS, {
      description: "RStudio Server's program, 2024.12 or newer; Atelier does not install it.",
      otherwise: 'rserver on the path of the system, or /usr/lib/rstudio-server/bin/rserver',
      example: '/opt/rstudio-server/bin/rserver',
      right: ABSOLUTE_PATH,
    }),
  })
  .prefault({})

/** `[python]`: where Pythons are. */
export const pythonTable = languagePlaces('Pythons', '~/venvs/*')

/** `[r]`: where Rs are. */
export const rTable = languagePlaces('Rs', '/opt/R/*')
