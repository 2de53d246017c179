/** Begins each line of the answer that is meant. */
export const PROJECT_MARK = 'ATELIER-PROJECT'

/** Begins a line with a workspace of JupyterLab, as JSON. */
export const JUPYTER_MARK = 'ATELIER-JUPYTER'

/** The last line: nothing was left out. */
export const END_MARK = 'ATELIER-PROJECTS-END'

/** How deep below the home is looked, for how long in seconds, and for how many at most. */
const [DEPTH, PATIENCE, MOST] = [4, 8, 200]

/**
 * A script that prints a line for each project of whoever runs it. What lies in the home comes first; paths that some IDE
 * noted may lead to another file system, which may not answer.
 */
export const PROJECTS_SCRIPT = `LC_ALL=C
export LC_ALL
cd -- "$HOME" || exit 0
tab=$(printf '\\t')
tell() {
  if [ "$2" = "$HOME" ]; then return 0; fi
  case "$2$4" in *[[:cntrl:]]*) return 0 ;; esac
  printf '${PROJECT_MARK}\\t%s\\t%s\\t%s\\t%s\\n' "$1" "$3" "$2" "$4"
}
newest() {
  stat -c %Y -- "$@" 2>/dev/null | sort -n | tail -n 1
}
git_project() {
  folder=\${1%/.git}
  git=$1
  if [ -f "$git" ]; then
    IFS= read -r line <"$git" || return 0
    case "$line" in
      'gitdir: /'*) git=\${line#gitdir: } ;;
      'gitdir: '*) git=$folder/\${line#gitdir: } ;;
    esac
  fi
  head=
  IFS= read -r head 2>/dev/null <"$git/HEAD" || [ -n "$head" ] || return 0
  case "$head" in
    'ref: refs/heads/'*) branch=\${head#ref: refs/heads/} ;;
    *) branch= ;;
  esac
  tell git "$folder" "$(newest "$git/index" "$git/HEAD" "$git/logs/HEAD")" "$branch"
}
with_git() {
  tell "$1" "$2" "$3" ''
  if [ -e "$2/.git" ]; then git_project "$2/.git"; fi
}
rstudio_project() {
  if [ ! -f "$1" ]; then return 0; fi
  with_git rstudio "\${1%/*}" "$(newest "$1" "\${1%/*}/.Rproj.user")"
}
vscode_folder() {
  case "$2" in *%*) return 0 ;; /*) ;; *) return 0 ;; esac
  if [ -d "$2" ]; then with_git vscode "$2" "$(newest "$1")"; fi
}
timeout ${PATIENCE} find . -xdev -maxdepth ${DEPTH} \\
  \\( -type d \\( -name '.?*' ! -name .git -o -name node_modules -o -name __pycache__ -o -name site-packages -o -name venv \\) -prune \\) \\
  -o \\( -name .git -prune -print \\) -o \\( -name '*.Rproj' -type f -print \\) 2>/dev/null | head -n ${MOST} |
  while IFS= read -r found; do
    found=$HOME/\${found#./}
    case "$found" in
      */.git) git_project "$found" ;;
      *) rstudio_project "$found" ;;
    esac
  done
for note in $(ls -t .jupyter/lab/workspaces 2>/dev/null | grep '^[A-Za-z0-9._-]*$' | head -n 5); do
  if [ ! -f ".jupyter/lab/workspaces/$note" ]; then continue; fi
  printf '${JUPYTER_MARK}\\t%s\\t' "$(newest ".jupyter/lab/workspaces/$note")"
  head -c 65536 ".jupyter/lab/workspaces/$note" | tr -d '\\n\\r'
  printf '\\n'
done
noted() {
  ls -t "$@" 2>/dev/null | head -n 50 | while IFS= read -r note; do
    if [ -f "$note" ]; then printf '%s\\n' "$note"; fi
  done
}
noted .local/share/atelier/vscode/opened/*.json .local/share/code-server/coder.json | while IFS= read -r note; do
  vscode_folder "$note" "$(head -c 8192 "$note" | sed -n 's,.*"folder": *"\\(/[^"\\\\]*\\)".*,\\1,p' | head -n 1)"
done
noted .local/share/code-server/User/workspaceStorage/*/workspace.json \\
  .vscode-server/data/User/workspaceStorage/*/workspace.json .config/Code/User/workspaceStorage/*/workspace.json |
  while IFS= read -r note; do
    vscode_folder "$note" "$(head -c 8192 "$note" |
      sed -n 's,.*"folder": *"[a-z-]*://[^/"]*\\(/[^"\\\\]*\\)".*,\\1,p' | head -n 1 | sed 's/%20/ /g')"
  done
for list in .local/share/rstudio/projects_settings/last-project-path .local/share/rstudio/monitored/lists/project_mru \\
  .rstudio/projects_settings/last-project-path .rstudio/monitored/lists/project_mru; do
  if [ ! -f "$list" ]; then continue; fi
  head -n 50 "$list" | while IFS= read -r project || [ -n "$project" ]; do
    project=\${project%%"$tab"*}
    case "$project" in
      '~/'*) rstudio_project "$HOME/\${project#??}" ;;
      /*) rstudio_project "$project" ;;
    esac
  done
done
echo ${END_MARK}
`
