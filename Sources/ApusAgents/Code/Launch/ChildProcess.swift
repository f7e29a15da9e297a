#if os(Linux)
    import CLinux
    import Foundation

    /// A process that was started in a session of its own, with an empty environment and no descriptors but those it is given.
    struct ChildProcess {
        let id: pid_t

        /// `descriptors` are what the process has, by their numbers there; they have to be closed by `exec` here.
        init(_ path: String, _ arguments: [String] = [], _ descriptors: [(there: Int32, here: Int32)]) throws(CodeError)
        {
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
            posix_spawn_file_actions_init(&actions)
            posix_spawnattr_init(&attributes)
            defer {
                posix_spawn_file_actions_destroy(&actions)
                posix_spawnattr_destroy(&attributes)
            }
            for (there, here) in descriptors { posix_spawn_file_actions_adddup2(&actions, here, there) }
            var (all, none) = (sigset_t(), sigset_t())
            sigfillset(&all)
            sigemptyset(&none)
            posix_spawnattr_setsigdefault(&attributes, &all)
            posix_spawnattr_setsigmask(&attributes, &none)
            // 0x80 is a session of its own; signals are as for a process that nobody has changed.
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | 0x80)
            let words = ([path] + arguments).map { strdup($0) } + [nil]
            defer { for word in words { free(word) } }
            var process: pid_t = 0
            let result = posix_spawn(&process, path, &actions, &attributes, words, [nil])
            guard result == 0 else {
                throw CodeError(
                    .launcherFailed, detail: "\(path) can't be started: \(String(cString: strerror(result)))")
            }
            id = process
        }

        /// Kills it and all of its session that did not leave its group.
        func kill() { Foundation.kill(-id, SIGKILL) }

        /// Waits until it has ended.
        func reap() {
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
        }
    }

    /// Two descriptors, of which one reads what is written to the other. Both are closed by `exec`.
    struct PipeEnds {
        var reading: Int32
        var writing: Int32

        init() throws(CodeError) {
            var ends: [Int32] = [-1, -1]
            guard clinux_pipe(&ends) == 0 else { throw Self.failure }
            // Above what a child is given, so that handing one over never closes another.
            for index in 0...1 {
                let low = ends[index]
                ends[index] = fcntl(low, F_DUPFD_CLOEXEC, 10)
                Foundation.close(low)
            }
            (reading, writing) = (ends[0], ends[1])
            if reading < 0 || writing < 0 {
                closeBoth()
                throw Self.failure
            }
        }

        mutating func closeReading() { Self.close(&reading) }
        mutating func closeWriting() { Self.close(&writing) }
        mutating func closeBoth() {
            closeReading()
            closeWriting()
        }

        private static func close(_ descriptor: inout Int32) {
            if descriptor >= 0 { Foundation.close(descriptor) }
            descriptor = -1
        }

        private static var failure: CodeError {
            CodeError(.launcherFailed, detail: "no pipe: \(String(cString: strerror(errno)))")
        }
    }
#endif
