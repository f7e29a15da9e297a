#if os(Linux)
    import Apus
    import Foundation

    /// One run of a program under apus-confine.
    final class Launch: Sendable {
        /// Why a run is ended from outside.
        enum Stop { case limit(CodeLimit), cancelled }

        let launcher: String
        let rules: LaunchRules
        let input: [UInt8]
        let limits: CodeLimits
        private let reason = Guarded<Stop?>(nil)
        /// Through it whoever stops the run tells the thread that talks to it.
        private let wake: PipeEnds

        init(_ launcher: String, _ rules: LaunchRules, input: String, _ limits: CodeLimits) throws(CodeError) {
            self.launcher = launcher
            self.rules = rules
            self.input = Array(input.utf8)
            self.limits = limits
            wake = try PipeEnds()
        }

        deinit {
            var wake = wake
            wake.closeBoth()
        }

        /// Ends the run; the first reason counts.
        func stop(_ stop: Stop) {
            let isFirst = reason.withLock { reason in
                defer { reason = reason ?? stop }
                return reason == nil
            }
            // One byte always has room.
            if isFirst { _ = write(wake.writing, [0], 1) }
        }

        /// What came of it; returns when no process of it is left.
        func outcome() async throws -> CodeOutcome {
            try await withCheckedThrowingContinuation { continuation in
                let thread = Thread { [self] in
                    // A pipe that nobody reads any more is an error, not the end of the host.
                    var signals = sigset_t()
                    sigemptyset(&signals)
                    sigaddset(&signals, SIGPIPE)
                    pthread_sigmask(SIG_BLOCK, &signals, nil)
                    continuation.resume(with: Result { try perform() })
                }
                thread.name = "apus.code"
                thread.start()
            }
        }

        private func perform() throws -> CodeOutcome {
            var talk = try Conversation(self)
            defer { talk.close() }
            let process = try ChildProcess(launcher, [], talk.descriptors)
            talk.begin()
            talk.run(wake: wake.reading) { [self] in stop(.limit(.output)) }
            process.reap()
            talk.drain()
            return try talk.outcome(reason.withLock { $0 })
        }
    }
#endif
