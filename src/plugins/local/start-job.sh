# Runs one job to its end: $1 is the job's directory, the rest its command. This shell leads the job's session and runs
# as the Launcher's own account, so that the job cannot touch what is recorded here.

# Field 22 of stat, the start time, is the 20th after the name of the command.
start_time() { shift 19; echo "$1"; }

# In braces, so that all of it is read before an upgrade may put another file in its place.
{
  # Signals are for the job; this shell must live to record how the job ended.
  trap : HUP INT QUIT TERM
  umask 077
  cd "$1" || exit 1

  read -r stat < "/proc/$$/stat" || exit 1
  read -r boot < /proc/sys/kernel/random/boot_id || exit 1
  echo "$$ $(start_time ${stat##*) }) $boot" > "$1/started.$$" || exit 1

  # Record and lock in one: of all that try, one link is made. By the whole path, at which the directory of a job that
  # has been given up is no more, although it may still be the one where this shell is.
  ln "$1/started.$$" "$1/started" 2> /dev/null || { rm -f "started.$$"; exit 1; }
  rm -f "started.$$"
  shift

  # What comes before the command says there why it cannot be run; the last line counts.
  ( exec "$@" ) 3> trouble
  code=$?

  # Written over bytes that are there already, so that it succeeds on a full disk too.
  printf '%-3s\n' "$code" 1<> ending
  mv -f ending exit
  exit
}
