#if os(Linux)
    import CLinux
    import Glibc

    /// The files a program sees in a mount namespace: those it may read, four devices, and an empty folder to write in, which is
    /// memory and goes with the last process.
    struct FileTree {
        /// Where the files of the machine are while the tree is built.
        private static let host = "/.host"
        static let devices = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"]

        let work: String
        let storage: UInt64

        /// Builds the tree and makes it the root of the calling process.
        func build(_ readable: [String]) throws(Failure) {
            try enter()
            var shown: Set<String> = []
            for path in readable { try expose(path, forbidsDevices: true, besides: &shown) }
            for device in Self.devices { try expose(device, forbidsDevices: false, besides: &shown) }
            try makeFolders(to: work)
            try check(umount2(Self.host, Int32(MNT_DETACH)))
            try check(rmdir(Self.host))
            try check(clinux_mount_read_only("/", 0))
            let options = "mode=0700,size=\(storage),nr_inodes=\(max(64, min(storage >> 12, 65_536)))"
            let flags = UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC)
            try check(mount("tmpfs", work, "tmpfs", flags, options))
            try check(sethostname("box", 3))
        }

        /// Puts an empty root in the place of the machine's.
        private func enter() throws(Failure) {
            try check(mount(nil, "/", nil, UInt(MS_REC | MS_PRIVATE), nil))
            let flags = UInt(MS_NOSUID | MS_NODEV)
            try check(mount("tmpfs", "/tmp", "tmpfs", flags, "mode=0755,size=1m,nr_inodes=8192"))
            try check(mkdir("/tmp" + Self.host, 0o700))
            try check(clinux_pivot_root("/tmp", "/tmp" + Self.host))
            try check(chdir("/"))
        }

        /// Shows a file or folder of the machine where it is there, with the links on the way to it.
        private func expose(_ path: String, forbidsDevices: Bool, besides shown: inout Set<String>) throws(Failure) {
            var rest = path.split(separator: "/").map(String.init)
            var here = ""
            var links = 0
            while !rest.isEmpty {
                let next = "\(here)/\(rest.removeFirst())"
                guard let kind = Self.kind(of: Self.host + next) else { throw Failure("readable \(path)") }
                if kind == S_IFLNK {
                    let target = try Self.target(of: Self.host + next)
                    links += 1
                    guard links < 40 else { throw Failure("readable \(path)", ELOOP) }
                    if symlink(target, next) < 0, errno != EEXIST, errno != EROFS { throw Failure(.mountNamespace) }
                    let start = target.hasPrefix("/") ? "" : here
                    rest =
                        Self.plain(
                            start.split(separator: "/").map(String.init) + target.split(separator: "/").map(String.init)
                        ) + rest
                    here = ""
                } else {
                    try makePlace(next, isFolder: kind == S_IFDIR)
                    here = next
                }
            }
            guard !here.isEmpty else { throw Failure("readable \(path)", EINVAL) }
            guard shown.insert(here).inserted else { return }
            try check(mount(Self.host + here, here, nil, UInt(MS_BIND | MS_REC), nil))
            try check(clinux_mount_read_only(here, forbidsDevices ? 1 : 0))
        }

        private func makeFolders(to path: String) throws(Failure) {
            var here = ""
            for name in path.split(separator: "/") {
                here += "/\(name)"
                try makePlace(here, isFolder: true)
            }
        }

        /// Makes something to mount on, unless it is there.
        private func makePlace(_ path: String, isFolder: Bool) throws(Failure) {
            if Self.kind(of: path) != nil { return }
            if isFolder { return try check(mkdir(path, 0o755)) }
            let file = open(path, O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
            try check(file)
            close(file)
        }

        private func check(_ result: Int32) throws(Failure) { try Failure.check(result, .mountNamespace) }
    }

    extension FileTree {
        private static func kind(of path: String) -> mode_t? {
            var status = stat()
            return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
        }

        private static func target(of link: String) throws(Failure) -> String {
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = bytes.withUnsafeMutableBytes { readlink(link, $0.baseAddress!, $0.count) }
            guard count > 0 else { throw Failure(.mountNamespace) }
            return String(decoding: bytes[..<count], as: UTF8.self)
        }

        /// Names without `.` and `..`.
        private static func plain(_ names: [String]) -> [String] {
            var plain: [String] = []
            for name in names where name != "." {
                if name == ".." { _ = plain.popLast() } else { plain.append(name) }
            }
            return plain
        }
    }
#endif
