#if os(Linux)
    import CLinux
    import Glibc

    /// The calls of Linux that a program may make: those that an interpreter and the tools of a shell need to compute, to read
    /// and write files, to start children and to wait.
    ///
    /// It is a list of what is allowed, so that what a later Linux adds is denied. Not on it is what makes sockets, watches or
    /// changes other processes, mounts, leaves namespaces, loads code into the kernel, reaches files by handles, or runs what has
    /// no path. What may be made with some arguments only stands in ``CallFilter``.
    enum Calls {
        static let always: [Int32] = files + folders + memory + processes + signals + time + waiting + machine

        private static let files = [
            __NR_read, __NR_write, __NR_readv, __NR_writev, __NR_pread64, __NR_pwrite64, __NR_preadv, __NR_pwritev,
            __NR_preadv2, __NR_pwritev2, __NR_lseek, __NR_openat, 437 /* openat2 */, __NR_close, 436 /* close_range */,
            __NR_fstat, __NR_newfstatat, __NR_statx, __NR_ftruncate, __NR_fallocate, __NR_fsync, __NR_fdatasync,
            __NR_sync_file_range,
            __NR_flock, __NR_fadvise64, __NR_sendfile, __NR_copy_file_range, __NR_dup, __NR_dup3, __NR_pipe2,
            __NR_umask,
        ]

        private static let folders = [
            __NR_getcwd, __NR_chdir, __NR_fchdir, __NR_mkdirat, __NR_unlinkat, __NR_symlinkat, __NR_linkat,
            __NR_renameat2,
            __NR_readlinkat, __NR_faccessat, 439 /* faccessat2 */, __NR_getdents64, __NR_statfs, __NR_fstatfs,
        ]

        private static let memory = [
            __NR_brk, __NR_mmap, __NR_munmap, __NR_mprotect, __NR_mremap, __NR_madvise, __NR_msync, __NR_membarrier,
        ]

        private static let processes = [
            __NR_execve, __NR_exit, __NR_exit_group, __NR_wait4, __NR_waitid, __NR_getpid, __NR_getppid, __NR_gettid,
            __NR_getpgid, __NR_getsid, __NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid, __NR_getgroups,
            __NR_getresuid,
            __NR_getresgid, __NR_getpriority, __NR_getrusage, __NR_capget, __NR_set_tid_address, __NR_set_robust_list,
            __NR_sched_yield, __NR_sched_getaffinity, __NR_sched_getparam, __NR_sched_getscheduler,
            __NR_sched_get_priority_max, __NR_sched_get_priority_min, __NR_getcpu, __NR_rseq,
        ]

        private static let signals = [
            __NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigpending, __NR_rt_sigsuspend, __NR_rt_sigtimedwait,
            __NR_rt_sigreturn, __NR_sigaltstack, __NR_restart_syscall, __NR_signalfd4,
        ]

        private static let time = [
            __NR_clock_gettime, __NR_clock_getres, __NR_clock_nanosleep, __NR_nanosleep, __NR_gettimeofday, __NR_times,
            __NR_getitimer, __NR_setitimer, __NR_timer_create, __NR_timer_settime, __NR_timer_gettime,
            __NR_timer_delete,
            __NR_timer_getoverrun, __NR_timerfd_create, __NR_timerfd_settime, __NR_timerfd_gettime,
        ]

        private static let waiting = [
            __NR_futex, 449 /* futex_waitv */, __NR_ppoll, __NR_pselect6, __NR_epoll_create1, __NR_epoll_ctl,
            __NR_epoll_pwait, 441 /* epoll_pwait2 */, __NR_eventfd2, __NR_recvfrom,
        ]

        private static let machine = [__NR_uname, __NR_sysinfo, __NR_getrandom] + ofThisProcessor

        #if arch(x86_64)
            /// What newer processors have no calls for.
            private static let ofThisProcessor = [
                __NR_open, __NR_creat, __NR_stat, __NR_lstat, __NR_access, __NR_readlink, __NR_mkdir, __NR_rmdir,
                __NR_unlink,
                __NR_rename, __NR_renameat, __NR_symlink, __NR_link, __NR_getdents, __NR_dup2, __NR_pipe, __NR_poll,
                __NR_select,
                __NR_epoll_create, __NR_epoll_wait, __NR_eventfd, __NR_signalfd, __NR_fork, __NR_vfork, __NR_getpgrp,
                __NR_alarm, __NR_pause, __NR_time, __NR_arch_prctl,
            ]
            /// What changes the mode and the times of files: Landlock does not guard them, a mount namespace does.
            static let ofOwnFiles =
                [__NR_chmod, __NR_utime, __NR_utimes, __NR_futimesat] + [__NR_fchmod, __NR_fchmodat, __NR_utimensat]
        #else
            private static let ofThisProcessor = [__NR_renameat]
            static let ofOwnFiles = [__NR_fchmod, __NR_fchmodat, __NR_utimensat]
        #endif

        static let signalling = [__NR_kill, __NR_tkill, __NR_tgkill]

        /// What a C library tries first and does without where Linux does not have it: `clone3`, whose arguments a filter can't
        /// read, and all that is newer than this list.
        static let newest: UInt32 = 450
    }
#endif
