#ifndef LIMN_SYSTEM_SHIMS_H
#define LIMN_SYSTEM_SHIMS_H
// Processes and signals: glibc extensions and macros that Swift cannot see.
#include <stdint.h>

// Starts a program in its own process group with default signals and an empty mask. Standard input is
// /dev/null; output and errors go to the two descriptors; `lifeline` (or -1) becomes descriptor 3;
// everything above is closed. Returns 0 and sets *pid, or an errno.
int limn_spawn(const char *path, char *const argv[], char *const envp[],
               int output, int errors, int lifeline, int32_t *pid);

// A descriptor that becomes readable when the process ends, or -1 with errno set.
int limn_pidfd_open(int32_t pid);

// Reaps the child if it has ended: 1 = ended (*exited says whether by exit, *code is its status or
// signal), 0 = still running, -1 = errno.
int limn_reap(int32_t pid, int *exited, int *code);

// Blocks SIGTERM, SIGINT and SIGHUP in this thread and returns a non-blocking signalfd, or -1.
int limn_stop_signals(void);

// Reads one signal number from the signalfd; 0 = none waits, -1 = errno.
int limn_next_signal(int fd);

// Writes to a closed pipe or beyond the file size limit return errors instead of killing.
void limn_ignore_broken_pipes(void);

// Raises the soft limit of open descriptors to the hard one; returns what it is now, or -1.
int64_t limn_raise_descriptor_limit(void);
// Processes whose parent ends become children of this one: 0, or -1 with errno set.
int limn_adopt_orphans(void);

// flock(LOCK_EX | LOCK_NB): 0 or an errno.
int limn_try_lock(int fd);
int limn_try_lock_shared(int fd);

// Both ends close-on-exec and non-blocking: 0, or -1 with errno set.
int limn_pipe(int ends[2]);

char **limn_environment(void);
#endif
