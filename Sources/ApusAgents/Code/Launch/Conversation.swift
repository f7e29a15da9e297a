#if os(Linux)
    import Foundation

    /// What goes to a program and comes from it, until it is over.
    struct Conversation {
        private let limits: CodeLimits
        private var rules: Feed
        private var input: Feed
        private var output: Intake
        private var errors: Intake
        private var report: Intake

        init(_ launch: Launch) throws(CodeError) {
            limits = launch.limits
            var pipes: [PipeEnds] = []
            do throws(CodeError) {
                for _ in 0..<5 { pipes.append(try PipeEnds()) }
            } catch {
                for index in pipes.indices { pipes[index].closeBoth() }
                throw error
            }
            rules = Feed(pipes[0], launch.rules.bytes)
            input = Feed(pipes[1], launch.input)
            output = Intake(pipes[2], limit: limits.output)
            errors = Intake(pipes[3], limit: limits.output)
            report = Intake(pipes[4], limit: 4_096)
        }

        /// What the program is given, by the numbers it knows.
        var descriptors: [(there: Int32, here: Int32)] {
            [
                (0, input.pipe.reading), (1, output.pipe.writing), (2, errors.pipe.writing), (3, rules.pipe.reading),
                (4, report.pipe.writing),
            ]
        }

        /// The program has its ends.
        mutating func begin() {
            rules.pipe.closeReading()
            input.pipe.closeReading()
            output.pipe.closeWriting()
            errors.pipe.closeWriting()
            report.pipe.closeWriting()
        }

        /// Talks until all is over; what can be read from `wake` ends it before. It blocks the thread.
        mutating func run(wake: Int32, tooMuch: () -> Void) {
            while report.isOpen {
                var waits = [pollfd(fd: rules.isOpen ? wake : -1, events: Int16(POLLIN), revents: 0)]
                for feed in [rules, input] where feed.isPending { waits.append(feed.wait) }
                for intake in [output, errors, report] where intake.isOpen { waits.append(intake.wait) }
                if poll(&waits, nfds_t(waits.count), -1) < 0, errno != EINTR { break }
                // Without this pipe the launcher ends all that the program has started, and then itself.
                if waits[0].revents != 0 { rules.close() }
                rules.push()
                input.push()
                if !input.isPending { input.close() }
                drain()
                if output.capture.total + errors.capture.total > limits.totalOutput { tooMuch() }
            }
        }

        /// Takes what is there.
        mutating func drain() {
            output.pull()
            errors.pull()
            report.pull()
        }

        mutating func close() {
            for pipe in [\Self.rules.pipe, \.input.pipe, \.output.pipe, \.errors.pipe, \.report.pipe] {
                self[keyPath: pipe].closeBoth()
            }
        }
    }

    extension Conversation {
        /// Bytes on their way into a pipe.
        private struct Feed {
            var pipe: PipeEnds
            private var bytes: [UInt8]
            private var sent = 0

            init(_ pipe: PipeEnds, _ bytes: [UInt8]) {
                self.pipe = pipe
                self.bytes = bytes
                _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
            }

            var isOpen: Bool { pipe.writing >= 0 }
            var isPending: Bool { isOpen && sent < bytes.count }
            var wait: pollfd { pollfd(fd: pipe.writing, events: Int16(POLLOUT), revents: 0) }

            mutating func close() { pipe.closeWriting() }

            mutating func push() {
                while isPending {
                    let count = bytes.withUnsafeBytes { write(pipe.writing, $0.baseAddress! + sent, $0.count - sent) }
                    if count < 0, errno == EINTR { continue }
                    if count < 0, errno == EAGAIN { return }
                    // Who does not read what is left does not want it.
                    sent = count < 0 ? bytes.count : sent + count
                }
            }
        }

        /// Bytes from a pipe, as far as they are kept.
        private struct Intake {
            var pipe: PipeEnds
            private(set) var capture: Capture

            init(_ pipe: PipeEnds, limit: Int) {
                self.pipe = pipe
                capture = Capture(limit: limit)
                _ = fcntl(pipe.reading, F_SETFL, O_NONBLOCK)
            }

            var isOpen: Bool { pipe.reading >= 0 }
            var wait: pollfd { pollfd(fd: pipe.reading, events: Int16(POLLIN), revents: 0) }

            /// Reads what is there, a megabyte at most, so that the others have their turn.
            mutating func pull() {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                for _ in 0..<16 where isOpen {
                    let count = read(pipe.reading, &buffer, buffer.count)
                    if count < 0, errno == EINTR { continue }
                    if count < 0, errno == EAGAIN { return }
                    if count <= 0 { return pipe.closeReading() }
                    capture.add(buffer[..<count])
                }
            }
        }
    }

    extension Conversation {
        /// What the report says, and why the run was ended, if it was.
        func outcome(_ stop: Launch.Stop?) throws -> CodeOutcome {
            if case .cancelled = stop { throw CancellationError() }
            var outcome = CodeOutcome(.exited(0), output: output.capture.text, errors: errors.capture.text)
            let words = report.capture.text.text.prefix { $0 != "\n" }.split(separator: " ", maxSplits: 2)
            if case .limit(let limit) = stop {
                outcome.ending = .stopped(limit)
                return outcome
            }
            if words.first == "failed" { throw failure(words) }
            let numbers = words.dropFirst().joined(separator: " ").split(separator: " ").compactMap { Int($0) }
            guard words.first == "ended", numbers.count == 3 else {
                let errors = outcome.errors.text.prefix(500)
                throw CodeError(.launcherFailed, detail: errors.isEmpty ? "it reported nothing" : "\(errors)")
            }
            outcome.processorTime = .microseconds(numbers[1])
            outcome.peakMemory = numbers[2] << 10
            outcome.ending = ending(status: numbers[0], outcome.processorTime)
            return outcome
        }

        private func failure(_ words: [Substring]) -> CodeError {
            let reason = words.count > 1 ? Int32(words[1]).map { String(cString: strerror($0)) } : nil
            let stage = words.count > 2 ? words[2] : "?"
            let layer = ConfinementLayer(rawValue: String(stage))
            return CodeError(
                .launcherFailed, layers: layer.map { [$0] } ?? [],
                detail: "\(stage), \(reason ?? "for an unknown reason")")
        }

        private func ending(status: Int, _ time: Duration) -> CodeEnding {
            let signal = Int32(status & 0x7f)
            switch signal {
            case 0: return .exited(status >> 8 & 0xff)
            case SIGXCPU: return .stopped(.processorTime)
            case SIGKILL where time >= limits.processorTime: return .stopped(.processorTime)
            case SIGXFSZ: return .stopped(.fileSize)
            case SIGSYS: return .stopped(.calls)
            default: return .killed(signal: Int(signal))
            }
        }
    }
#endif
