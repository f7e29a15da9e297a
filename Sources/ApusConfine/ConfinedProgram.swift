#if os(Linux)
    import CLinux
    import Glibc

    /// A program with all it needs at hand, so that nothing is allocated once its limits hold.
    struct ConfinedProgram {
        private let rules: Rules
        private let filter: CallFilter
        private let arguments: [UnsafeMutablePointer<CChar>?]
        private let environment: [UnsafeMutablePointer<CChar>?]

        /// Writes the code to its file.
        init(_ rules: Rules) throws(Failure) {
            self.rules = rules
            filter = CallFilter(rules.layers)
            arguments = ([rules.program] + rules.arguments).map { strdup($0) } + [nil]
            environment = rules.environment.map { strdup($0) } + [nil]
            try Failure.check(chdir(rules.work), "work")
            let file = open(rules.file, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0o600)
            try Failure.check(file, "work")
            defer { close(file) }
            var written = 0
            while written < rules.code.count {
                let count = rules.code.withUnsafeBytes { write(file, $0.baseAddress! + written, $0.count - written) }
                guard count > 0 else { throw Failure("work") }
                written += count
            }
        }

        /// Becomes the program; it returns only by throwing.
        func begin() throws(Failure) {
            umask(0o077)
            try Failure.check(clinux_prctl(PR_SET_NO_NEW_PRIVS, 1), .unprivileged)
            try Landlock.restrict(rules.layers, readable: rules.readable, work: rules.work)
            for capability in 0..<64 as Range<UInt>
            where clinux_prctl(PR_CAPBSET_DROP, capability) < 0 && errno == EPERM {
                // Who has no capabilities can't drop them for others, and gives none.
                break
            }
            try Failure.check(clinux_drop_capabilities(), .unprivileged)
            var filter = filter
            try rules.limits.apply()
            if rules.layers.contains(.seccomp) { try filter.apply() }
            arguments.withUnsafeBufferPointer { arguments in
                environment.withUnsafeBufferPointer { environment in
                    _ = clinux_execve(arguments[0], arguments.baseAddress, environment.baseAddress)
                }
            }
            throw Failure("program")
        }
    }
#endif
