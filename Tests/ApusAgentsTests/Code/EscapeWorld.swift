#if os(Linux)
    import Apus
    import Foundation
    import Testing

    /// What code could reach if it were not confined: a file with a secret, files and folders that anybody may write, a secret in the
    /// environment, listeners on each kind of socket, and another process of the user that code runs as.
    final class EscapeWorld: Sendable {
        /// What must not be seen anywhere.
        let secret: String
        /// What attempts know it by.
        let names: [String: JSON]
        private let folder: URL
        private let shared: String
        private let sockets: [Int32]
        private let descriptor: Int32
        private let victim: pid_t
        private let before: [String]

        init() throws {
            let files = FileManager.default
            let mark = UUID().uuidString.lowercased()
            secret = "canary-\(UUID().uuidString.lowercased())"
            folder = files.temporaryDirectory.appending(path: "escape-\(mark)")
            for (name, mode) in [("", 0o777), ("kept", 0o755), ("public", 0o777), ("drop", 0o777)] {
                let url = folder.appending(path: name)
                try files.createDirectory(at: url, withIntermediateDirectories: true)
                chmod(url.path, mode_t(mode))
            }
            let paths = (
                secret: folder.path + "/kept/secret", file: folder.path + "/public/file",
                socket: folder.path + "/socket"
            )
            shared = "/dev/shm/apus-canary-\(mark)"
            for (path, mode) in [(paths.secret, 0o644), (paths.file, 0o666), (shared, 0o666)] {
                try "\(secret)\n".write(toFile: path, atomically: false, encoding: .utf8)
                chmod(path, mode_t(mode))
            }
            setenv("APUS_CANARY", secret, 1)
            // Inherited by whoever does not close what he has no business with.
            descriptor = open(paths.secret, O_RDONLY)
            let (tcp, port) = try Listener.inet(SOCK_STREAM, port: 0)
            let udp = try Listener.inet(SOCK_DGRAM, port: port).socket
            sockets = [tcp, udp, try Listener.unix(paths.socket), try Listener.unix("\u{0}apus-\(mark)")]
            chmod(paths.socket, 0o777)
            victim = try Self.startVictim()
            names = [
                "SECRET": .string(paths.secret), "FILE": .string(paths.file), "FOLDER": .string(folder.path + "/drop"),
                "SOCKET": .string(paths.socket), "ABSTRACT": .string("apus-\(mark)"), "SHARED": .string(shared),
                "PORT": .integer(Int64(port)), "HOST": .integer(Int64(getpid())), "GROUP": .integer(Int64(getpgrp())),
                "VALUE": "canary-",
                "VICTIM": .integer(Int64(victim)), "DESCRIPTOR": .integer(Int64(descriptor)),
                "QUEUE": 0x0a9b5,
                "NODE": .string(ProcessInfo.processInfo.hostName),
            ]
            before = try Self.facts(folder, shared)
        }

        /// Starts a process of the user that code runs as; it ends by itself when nobody ends it.
        private static func startVictim() throws -> pid_t {
            let code = """
                import os, signal
                os.closerange(3, 65536)  # the pipes of other tests
                if os.getuid() == 0:
                    os.setgroups([]); os.setgid(65534); os.setuid(65534)
                os.setpgid(0, 0)
                os.write(1, b"up")
                signal.alarm(300)
                signal.pause()
                """
            let pipe = Pipe()
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, pipe.fileHandleForWriting.fileDescriptor, 1)
            let words = [Sandbox.python, "-I", "-c", code].map { (word: String) in strdup(word) } + [nil]
            defer { for word in words { free(word) } }
            var process: pid_t = 0
            try #require(posix_spawn(&process, Sandbox.python, &actions, nil, words, [nil]) == 0)
            pipe.fileHandleForWriting.closeFile()
            _ = pipe.fileHandleForReading.readData(ofLength: 2)
            return process
        }

        /// What is different now that code has run; empty if all is well.
        func harm() throws -> [String] {
            var harm: [String] = []
            let after = (try? Self.facts(folder, shared)) ?? ["gone"]
            if after != before { harm.append("files: \(before) became \(after)") }
            for (name, socket) in zip(["TCP", "UDP", "a socket in a folder", "an abstract socket"], sockets) {
                var wait = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
                if poll(&wait, 1, 0) != 0 { harm.append("\(name) was reached") }
            }
            if waitpid(victim, nil, WNOHANG) != 0 { harm.append("another process was ended") }
            return harm
        }

        /// All there is to know of the files, the time of their last reading aside.
        private static func facts(_ folder: URL, _ shared: String) throws -> [String] {
            let inner = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
            return try ([folder.path, shared] + inner.map { "\(folder.path)/\($0)" }).map { path in
                var status = stat()
                guard lstat(path, &status) == 0 else { throw CocoaError(.fileNoSuchFile) }
                let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                return
                    "\(path) \(status.st_mode) \(status.st_uid) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_nlink) \(text)"
            }
        }

        deinit {
            kill(victim, SIGKILL)
            waitpid(victim, nil, 0)
            for socket in sockets + [descriptor] { close(socket) }
            try? FileManager.default.removeItem(at: folder)
            try? FileManager.default.removeItem(atPath: shared)
        }
    }

    /// Sockets of the host that wait for somebody.
    private enum Listener {
        static func inet(_ kind: __socket_type, port: UInt16) throws -> (socket: Int32, port: UInt16) {
            let listener = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                    bind(listener, name, size) == 0 && getsockname(listener, name, &size) == 0
                }
            }
            try #require(bound && (kind != SOCK_STREAM || listen(listener, 100) == 0))
            return (listener, UInt16(bigEndian: address.sin_port))
        }

        /// A path, or an abstract name after a zero.
        static func unix(_ name: String) throws -> Int32 {
            let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
            let size = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) == 0 }
            }
            try #require(bound && listen(listener, 100) == 0)
            return listener
        }
    }
#endif
