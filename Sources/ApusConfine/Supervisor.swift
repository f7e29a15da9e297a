#if os(Linux)
    import CLinux
    import Glibc

    /// Starts the program, waits for it, and tells through a pipe how it ended.
    ///
    /// In a process namespace there are two of it: the outer one watches whether the host still lives, the inner one is the first
    /// process of the namespace, with which all others end. When the outer one ends, no process of the program is left.
    struct Supervisor {
        /// Where the rules came from; it ends when the host does, or when it wants no more of the program.
        let host: Int32
        let report: Report
        let rules: Rules

        /// Confines and runs the program; it returns when all is over.
        func run() throws(Failure) {
            if rules.layers.contains(.unprivileged) {
                if geteuid() == 0, !rules.layers.contains(.mountNamespace) {
                    try Failure.check(chown(rules.work, Namespaces.nobody, Namespaces.nobody), .unprivileged)
                }
                try Namespaces.becomeUnprivileged()
            }
            try Namespaces.leave(rules.layers)
            guard rules.layers.contains(.processNamespace) else { return try supervise(host) }
            let inner = clinux_fork()
            try Failure.check(inner, .processNamespace)
            if inner == 0 {
                clinux_prctl(PR_SET_PDEATHSIG, UInt(SIGKILL))
                report.attempt { () throws(Failure) in try supervise(nil) }
                _exit(0)
            }
            _ = try Self.wait(for: inner, host) { _ = kill(inner, SIGKILL) }
        }

        /// Starts the program and waits for it as its parent.
        private func supervise(_ host: Int32?) throws(Failure) {
            if rules.layers.contains(.mountNamespace) {
                try FileTree(work: rules.work, storage: rules.limits.storage).build(rules.readable)
            }
            // Who loses his parent comes to this process.
            try Failure.check(clinux_prctl(PR_SET_CHILD_SUBREAPER, 1), "process")
            let confined = try ConfinedProgram(rules)
            let child = clinux_fork()
            try Failure.check(child, "program")
            if child == 0 {
                clinux_prctl(PR_SET_PDEATHSIG, UInt(SIGKILL))
                report.attempt { () throws(Failure) in
                    // A group of its own, which a filter keeps it in.
                    try Failure.check(setpgid(0, 0), "process")
                    try confined.begin()
                }
                _exit(125)
            }
            let end = try Self.wait(for: child, host) { _ = kill(child, SIGKILL) }
            kill(-child, SIGKILL)
            report.tell(end)
            // The namespace ends with this process, and without one nobody leaves the group as long as there is a filter.
            guard host != nil, rules.layers.contains(.seccomp) else { return }
            while wait4(-1, nil, 0, nil) > 0 || errno == EINTR {}
        }

        /// How a child ended and what it used. Other children that end meanwhile are forgotten.
        private static func wait(for child: pid_t, _ host: Int32?, _ abandon: () -> Void) throws(Failure) -> Report.End
        {
            if let host {
                let process = clinux_pidfd_open(child)
                try Failure.check(process, "process")
                defer { close(process) }
                var waits = [
                    pollfd(fd: process, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: host, events: Int16(POLLIN), revents: 0),
                ]
                while poll(&waits, 2, -1) < 0, errno == EINTR {}
                if waits[0].revents == 0 { abandon() }
            }
            var end = Report.End()
            while true {
                let ended = wait4(-1, &end.status, 0, &end.usage)
                if ended == child { return end }
                if ended < 0, errno != EINTR { throw Failure("process") }
            }
        }
    }
#endif
