#if os(Linux)
    import CLinux
    import Glibc

    /// Tells which layers this machine has, by trying each in a child of its own.
    struct Probe {
        func run() -> String {
            "version \(Rules.version)\n" + Layer.allCases.map { "\($0.rawValue) \(test($0))\n" }.joined()
        }

        /// 0, or why Linux refuses the layer.
        private func test(_ layer: Layer) -> Int32 {
            if let version = Landlock.version(of: layer) { return clinux_landlock_version() >= version ? 0 : ENOSYS }
            switch layer {
            case .unprivileged: return attempt { () throws(Failure) in try Namespaces.becomeUnprivileged() }
            case .seccomp: return clinux_seccomp_knows(UInt32(SECCOMP_RET_KILL_PROCESS)) == 0 ? 0 : ENOSYS
            default:
                return attempt { () throws(Failure) in
                    try? Namespaces.becomeUnprivileged()
                    try Namespaces.leave([.userNamespace, layer])
                    if layer == .mountNamespace { try FileTree(work: "/box", storage: 65_536).build([]) }
                }
            }
        }

        /// Does something in a child and tells its error number; 0 if it went well.
        private func attempt(_ body: () throws(Failure) -> Void) -> Int32 {
            let child = clinux_fork()
            if child < 0 { return errno }
            if child == 0 {
                do { try body() } catch { _exit(error.code) }
                _exit(0)
            }
            var status: Int32 = 0
            while waitpid(child, &status, 0) < 0, errno == EINTR {}
            return status & 0x7f == 0 ? status >> 8 & 0xff : EFAULT
        }
    }
#endif
