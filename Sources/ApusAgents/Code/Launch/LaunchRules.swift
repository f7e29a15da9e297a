#if os(Linux)
    /// What the program apus-confine is told through a pipe: pairs of a name and a value, each as its length in bytes, a colon and the
    /// bytes. It refuses what it does not know.
    struct LaunchRules {
        /// The version of the names.
        static let version = "1"

        private(set) var bytes: [UInt8] = []

        /// `work` is the folder that may be written: one of the host, or, with a mount namespace, one that is made.
        init(
            _ program: CodeProgram, _ request: CodeRequest, _ limits: CodeLimits, _ confinement: Confinement,
            work: String
        ) {
            add("version", Self.version)
            for layer in confinement.active { add("layer", layer.rawValue) }
            add("program", program.executable)
            for argument in program.arguments + [program.fileName] { add("argument", argument) }
            let variables = ["HOME": work, "TMPDIR": work].merging(program.environment) { _, given in given }
            for (name, value) in variables.sorted(by: { $0.key < $1.key }) { add("environment", "\(name)=\(value)") }
            for path in [program.executable] + program.readable { add("readable", path) }
            add("work", work)
            add("file", program.fileName)
            add("code", request.code)
            add(
                "cpu",
                max(
                    1,
                    limits.processorTime.components.seconds + (limits.processorTime.components.attoseconds > 0 ? 1 : 0))
            )
            add("memory", max(limits.memory, 64 << 20))
            add("processes", max(limits.processes, 1))
            // Three are open from the start, and the loader needs one.
            add("openFiles", max(limits.openFiles, 8))
            add("fileSize", max(limits.fileSize, 0))
            add("storage", max(limits.storage, 4_096))
            add("end", "")
        }

        private mutating func add(_ name: String, _ value: some BinaryInteger) { add(name, "\(value)") }

        private mutating func add(_ name: String, _ value: String) {
            for text in [name, value] { bytes += Array("\(text.utf8.count):".utf8) + Array(text.utf8) }
        }
    }
#endif
