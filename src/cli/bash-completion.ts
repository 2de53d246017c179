/** What can follow a command on the command line. */
export interface CompletableCommand {
  /** The words that call it, without the program's own name. */
  readonly path: readonly string[]
  readonly subcommands: readonly string[]
  /** Its options; `values` are those that can follow one, and undefined if none can. */
  readonly options: readonly { readonly flag: string; readonly values: Values | undefined }[]
  /** What its arguments can be. */
  readonly arguments: Values
}

/** Words to choose from, the names of files, or anything. */
export type Values = readonly string[] | 'files' | 'anything'

/** A script for bash that completes the command line of `program`; it starts nothing when it is used. */
export function bashCompletion(program: string, commands: readonly CompletableCommand[]): string {
  const name = `_${program.replaceAll(/[^a-z0-9]/gi, '_')}`
  const paths = commands.map(({ path }) => path).filter((path) => path.length > 0)
  const afterOption = new Map<string, string[]>()
  for (const { path, options } of commands) {
    for (const { flag, values } of options) {
      if (values === undefined) continue
      const reply = replies(values)
      afterOption.set(reply, [...(afterOption.get(reply) ?? []), quoted([...path, flag])])
    }
  }
  const afterCommand = commands.map(
    (command) => `    ${quoted(command.path)}) ${words(command)} ;;`,
  )
  return `# Completion for bash. Load it with: source <(${program} completion bash)
${name}() {
  local word=\${COMP_WORDS[COMP_CWORD]} path='' each
  COMPREPLY=()
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $each" in
    ${paths.map(quoted).join(' | ')}) path="$path $each" ;;
    esac
  done
  case "$path \${COMP_WORDS[COMP_CWORD - 1]}" in
${[...afterOption].map(([reply, flags]) => `  ${flags.join(' | ')}) ${reply} ;;`).join('\n')}
  *)
    case "$path" in
${afterCommand.join('\n')}
    esac
    ;;
  esac
  [[ \${COMPREPLY[0]-} == *= ]] && compopt -o nospace
}
complete -o filenames -F ${name} ${program}
`
}

function words({ subcommands, options, arguments: values }: CompletableCommand): string {
  const flags = options.map(({ flag }) => flag)
  if (values === 'files') {
    return `if [[ $word == -* ]]; then ${replies(flags)}; else ${replies('files')}; fi`
  }
  return replies([...subcommands, ...(values === 'anything' ? [] : values), ...flags])
}

function replies(values: Values): string {
  if (values === 'anything') return 'COMPREPLY=()'
  const choice = values === 'files' ? '-f' : `-W '${values.join(' ')}'`
  return `mapfile -t COMPREPLY < <(compgen ${choice} -- "$word")`
}

function quoted(path: readonly string[]): string {
  return `'${path.map((word) => ` ${word}`).join('')}'`
}
