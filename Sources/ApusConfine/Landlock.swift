#if os(Linux)
    import CLinux
    import Glibc

    /// What Landlock allows: reading and executing what was named, and writing in one folder.
    struct Landlock {
        private enum Access {
            static let execute: UInt64 = 1 << 0
            static let writeFile: UInt64 = 1 << 1
            static let readFile: UInt64 = 1 << 2
            static let readFolder: UInt64 = 1 << 3
            static let removeFolder: UInt64 = 1 << 4
            static let removeFile: UInt64 = 1 << 5
            static let makeFolder: UInt64 = 1 << 7
            static let makeFile: UInt64 = 1 << 8
            static let makeLink: UInt64 = 1 << 12
            static let refer: UInt64 = 1 << 13
            static let truncate: UInt64 = 1 << 14
            static let deviceControl: UInt64 = 1 << 15
            /// All that a version of the interface knows.
            static func all(_ version: Int32) -> UInt64 { version >= 5 ? (1 << 16) - 1 : (1 << 15) - 1 }
        }

        private static let network: UInt64 = 0b11
        private static let scopes: UInt64 = 0b11

        /// The least version of the interface that a layer needs.
        static func version(of layer: Layer) -> Int32? {
            switch layer {
            case .landlock: 3
            case .landlockNetwork: 4
            case .landlockScopes: 6
            default: nil
            }
        }

        /// Holds the calling process and its children to the rules, for ever.
        static func restrict(_ layers: Set<Layer>, readable: [String], work: String) throws(Failure) {
            let version = clinux_landlock_version()
            var handled = clinux_landlock_rules()
            if layers.contains(.landlock) { handled.files = Access.all(version) }
            if layers.contains(.landlockNetwork) { handled.network = network }
            if layers.contains(.landlockScopes) { handled.scopes = scopes }
            guard handled.files | handled.network | handled.scopes != 0 else { return }
            let size = handled.scopes != 0 ? 24 : handled.network != 0 ? 16 : 8
            let rules = clinux_landlock_create(handled, size)
            try Failure.check(rules, .landlock)
            defer { close(rules) }
            if handled.files != 0 {
                let read = Access.execute | Access.readFile | Access.readFolder
                let write =
                    Access.readFile | Access.readFolder | Access.writeFile | Access.removeFolder | Access.removeFile
                    | Access.makeFolder | Access.makeFile | Access.makeLink | Access.refer | Access.truncate
                for path in readable { try allow(read, to: path, rules) }
                for path in FileTree.devices { try allow(Access.readFile | Access.writeFile, to: path, rules) }
                try allow(write, to: work, rules)
            }
            try Failure.check(clinux_landlock_restrict(rules), .landlock)
        }

        private static func allow(_ access: UInt64, to path: String, _ rules: Int32) throws(Failure) {
            let file = clinux_open_name(path)
            guard file >= 0 else { throw Failure("readable \(path)") }
            defer { close(file) }
            var status = stat()
            try Failure.check(fstat(file, &status), .landlock)
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            let ofFiles = Access.execute | Access.readFile | Access.writeFile | Access.truncate | Access.deviceControl
            try Failure.check(clinux_landlock_allow(rules, file, isFolder ? access : access & ofFiles), .landlock)
        }
    }
#endif
