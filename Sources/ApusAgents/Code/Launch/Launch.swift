#if os(Linux)
    import Apus
    import Foundation

    /// One run of a program under apus-confine.
    final class Launch: Sendable {
        /// Why a run is ended from outside.
        enum Stop { case limit(CodeLimit), cancelled }

        private struct State {
            var process: ChildProcess?
            var stop: Stop?
        }

        let launcher: String
        let rules: LaunchRules
        let input: [UInt8]
        let limits: CodeLimits
        private let state = Guarded(State())

        init(_ launcher: String, _ rules: LaunchRules, input: String, _ limits: CodeLimits) {
            self.launcher = launcher
            self.rules = rules
            self.input = Array(input.utf8)
            self.limits = limits
        }

        /// Ends the run; the first reason counts.
        func stop(_ reason: Stop) {
            state.withLock { state in
                if state.stop == nil { state.stop = reason }
                state.process?.kill()
            }
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
            state.withLock { state in
                state.process = process
                if state.stop != nil { process.kill() }
            }
            talk.run { [self] event in
                switch event {
                case .tooMuch: self.stop(.limit(.output))
                case .over: process.kill()
                }
            }
            let reason = state.withLock { state in
                // From here on its number may belong to another one.
                state.process = nil
                process.reap()
                return state.stop
            }
            talk.drain()
            return try talk.outcome(reason)
        }
    }
#endif
