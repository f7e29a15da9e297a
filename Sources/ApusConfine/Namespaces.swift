#if os(Linux)
    import CLinux
    import Glibc

    /// The user that a program runs as, and what of the machine it shares with others.
    enum Namespaces {
        /// `nobody`, whom Linux itself gives what belongs to no user.
        static let nobody: UInt32 = 65_534

        /// Gives all privileges of the machine's first user up; anybody else has none.
        static func becomeUnprivileged() throws(Failure) {
            if geteuid() == 0 {
                try Failure.check(clinux_leave_groups(), .unprivileged)
                try Failure.check(clinux_become_group(nobody), .unprivileged)
                try Failure.check(clinux_become_user(nobody), .unprivileged)
            }
            guard geteuid() != 0, getuid() != 0 else { throw Failure(.unprivileged, EPERM) }
            // Whoever changed the user may not write what maps it otherwise.
            try Failure.check(clinux_prctl(PR_SET_DUMPABLE, 1), .unprivileged)
        }

        /// Leaves the namespaces of the machine. A process namespace is that of the children to come.
        static func leave(_ layers: Set<Layer>) throws(Failure) {
            guard layers.contains(.userNamespace) else {
                // Nobody without privileges leaves the others without it.
                for (layer, _) in others where layers.contains(layer) { throw Failure(layer, EPERM) }
                return
            }
            let (user, group) = (geteuid(), getegid())
            try Failure.check(clinux_unshare(clinux_new_user), .userNamespace)
            try put("deny", into: "/proc/self/setgroups")
            try put("\(user) \(user) 1", into: "/proc/self/uid_map")
            try put("\(group) \(group) 1", into: "/proc/self/gid_map")
            for (layer, flags) in others where layers.contains(layer) {
                try Failure.check(clinux_unshare(flags), layer)
            }
        }

        private static let others: [(Layer, Int32)] = [
            (.mountNamespace, clinux_new_mount | clinux_new_name), (.processNamespace, clinux_new_process),
            (.networkNamespace, clinux_new_network), (.ipcNamespace, clinux_new_ipc),
        ]

        private static func put(_ text: String, into path: String) throws(Failure) {
            let file = open(path, O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { throw Failure(.userNamespace) }
            defer { close(file) }
            let bytes = Array(text.utf8)
            guard write(file, bytes, bytes.count) == bytes.count else { throw Failure(.userNamespace) }
        }
    }
#endif
