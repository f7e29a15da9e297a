#ifndef CLINUX_H
#define CLINUX_H

// Calls of Linux that the C library has no function for, or that Swift can't call, and what the headers of older systems lack.

#if defined(__linux__)

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <asm/unistd.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

// MARK: Processes

static const int clinux_new_user = 0x10000000;     // CLONE_NEWUSER
static const int clinux_new_mount = 0x00020000;    // CLONE_NEWNS
static const int clinux_new_name = 0x04000000;     // CLONE_NEWUTS
static const int clinux_new_process = 0x20000000;  // CLONE_NEWPID
static const int clinux_new_network = 0x40000000;  // CLONE_NEWNET
static const int clinux_new_ipc = 0x08000000;      // CLONE_NEWIPC

static const int clinux_limit_cpu = RLIMIT_CPU;
static const int clinux_limit_file_size = RLIMIT_FSIZE;
static const int clinux_limit_core = RLIMIT_CORE;
static const int clinux_limit_processes = RLIMIT_NPROC;
static const int clinux_limit_open_files = RLIMIT_NOFILE;
static const int clinux_limit_locked_memory = RLIMIT_MEMLOCK;
static const int clinux_limit_memory = RLIMIT_AS;
static const int clinux_limit_pending_signals = RLIMIT_SIGPENDING;
static const int clinux_limit_message_queues = RLIMIT_MSGQUEUE;
static const int clinux_limit_niceness = RLIMIT_NICE;
static const int clinux_limit_realtime = RLIMIT_RTPRIO;

static inline pid_t clinux_fork(void) { return fork(); }

static inline int clinux_execve(const char *path, char *const arguments[], char *const environment[]) {
    return execve(path, arguments, environment);
}

static inline int clinux_unshare(int namespaces) { return (int)syscall(SYS_unshare, namespaces); }

/// A pipe whose ends are closed by `exec`, from the moment they are there.
static inline int clinux_pipe(int ends[2]) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC); }

static inline int clinux_close_on_exec(int descriptor) { return fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

static inline int clinux_prctl(int option, unsigned long value) { return prctl(option, value, 0UL, 0UL, 0UL); }

/// Closes all descriptors from `first` on.
static inline int clinux_close_from(unsigned first) {
    return (int)syscall(436 /* close_range */, first, ~0U, 0U);
}

/// A descriptor that becomes readable when a process ends.
static inline int clinux_pidfd_open(pid_t process) { return (int)syscall(434 /* pidfd_open */, process, 0U); }

/// Leaves all supplementary groups.
static inline int clinux_leave_groups(void) { return (int)syscall(SYS_setgroups, (size_t)0, NULL); }

/// Becomes a group for good. It is of the calling thread alone.
static inline int clinux_become_group(uint32_t group) { return (int)syscall(SYS_setresgid, group, group, group); }

/// Becomes a user for good. It is of the calling thread alone.
static inline int clinux_become_user(uint32_t user) { return (int)syscall(SYS_setresuid, user, user, user); }

/// Lowers a limit of the calling process; what is lower already stays.
static inline int clinux_limit(int resource, unsigned long long soft, unsigned long long hard) {
    struct rlimit limit;
#ifdef __GLIBC__
    __rlimit_resource_t what = (__rlimit_resource_t)resource;
#else
    int what = resource;
#endif
    if (getrlimit(what, &limit) < 0) return -1;
    if (hard < limit.rlim_max) limit.rlim_max = hard;
    limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
    return setrlimit(what, &limit);
}

/// Takes all capabilities from the calling process.
static inline int clinux_drop_capabilities(void) {
    struct { uint32_t version; int pid; } header = {0x20080522, 0};
    struct { uint32_t effective, permitted, inheritable; } none[2] = {{0, 0, 0}, {0, 0, 0}};
    return (int)syscall(SYS_capset, &header, none);
}

// MARK: Mounts

static inline int clinux_pivot_root(const char *root, const char *old) {
    return (int)syscall(SYS_pivot_root, root, old);
}

/// Makes a mount and all below it read-only, and without set-user-id programs and devices where asked.
static inline int clinux_mount_read_only(const char *path, int forbids_devices) {
    struct { uint64_t set, clear, propagation, user_namespace; } attributes = {0x1 | 0x2 | (forbids_devices ? 0x4 : 0), 0, 0, 0};
    return (int)syscall(442 /* mount_setattr */, AT_FDCWD, path, 0x8000U /* AT_RECURSIVE */, &attributes, sizeof attributes);
}

// MARK: Landlock

/// Opens a name without the right to read it.
static inline int clinux_open_name(const char *path) { return open(path, 010000000 /* O_PATH */ | O_CLOEXEC); }

struct clinux_landlock_rules {
    uint64_t files, network, scopes;
};

/// The version of Landlock's interface, or -1.
static inline int clinux_landlock_version(void) {
    return (int)syscall(444 /* landlock_create_ruleset */, NULL, (size_t)0, 1U);
}

/// `size` says how many of the fields the kernel knows.
static inline int clinux_landlock_create(struct clinux_landlock_rules rules, size_t size) {
    return (int)syscall(444 /* landlock_create_ruleset */, &rules, size, 0U);
}

/// Allows `access` to what `file` stands for, and below it.
static inline int clinux_landlock_allow(int rules, int file, uint64_t access) {
    struct __attribute__((packed)) { uint64_t access; int32_t file; } rule = {access, file};
    return (int)syscall(445 /* landlock_add_rule */, rules, 1 /* LANDLOCK_RULE_PATH_BENEATH */, &rule, 0U);
}

static inline int clinux_landlock_restrict(int rules) {
    return (int)syscall(446 /* landlock_restrict_self */, rules, 0U);
}

// MARK: Seccomp

#if defined(__x86_64__)
static const uint32_t clinux_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
static const uint32_t clinux_architecture = AUDIT_ARCH_AARCH64;
#endif

/// Whether the kernel knows an action of filters.
static inline int clinux_seccomp_knows(uint32_t action) {
    return (int)syscall(SYS_seccomp, 2U /* SECCOMP_GET_ACTION_AVAIL */, 0U, &action);
}

static inline int clinux_seccomp_filter(struct sock_filter *filter, unsigned short count) {
    struct sock_fprog program = {.len = count, .filter = filter};
    return (int)syscall(SYS_seccomp, 1U /* SECCOMP_SET_MODE_FILTER */, 0U, &program);
}

#endif
#endif
