# Holds a job to its limits and becomes its command, which the arguments are. Runs in the job's directory, as the Launcher's
# own account, after the PAM session was opened: logind moves whoever opens one to a cgroup of its own.

# Writing 0 moves the process that writes: this one, which becomes the command. The job's leader stays outside, where no limit
# of the job can end it.
if [ -f tracking-cgroup ]; then
  read -r folder < tracking-cgroup && echo 0 2> /dev/null > "$folder/cgroup.procs"
fi
if [ -f cgroups ]; then
  while read -r folder; do echo 0 > "$folder/cgroup.procs" || exit 126; done < cgroups
fi
# True for a limit, $2, below the present one, $1: what PAM has set for the account may be stricter, and holds then.
lowers() { [ "$1" = unlimited ] || [ "$2" -lt "$1" ]; }
if [ -f limits ]; then
  while read -r what value; do
    case $what in
      data) ! lowers "$(ulimit -Hd)" "$value" || ulimit -d "$value" ;;
      nofile) ! lowers "$(ulimit -Hn)" "$value" || ulimit -n "$value" ;;
      # Counted for the account from the moment when this is that account, and never for root.
      nproc)
        present=$(prlimit --nproc --output=HARD --noheadings --raw) || exit 126
        ! lowers "$present" "$value" || set -- prlimit "--nproc=$value" "$@"
        ;;
      nice) set -- nice -n "$value" "$@" ;;
    esac || exit 126
  done < limits
fi
exec "$@"
