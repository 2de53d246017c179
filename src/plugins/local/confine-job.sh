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
if [ -f data-limit ]; then
  read -r kib < data-limit && ulimit -d "$kib" || exit 126
fi
exec "$@"
