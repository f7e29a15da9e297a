#if os(Linux)
    import CLinux
    import Glibc

    /// How much a program may take.
    struct Limits {
        /// Seconds of a processor, for each process.
        var cpu: UInt64 = 1
        /// Bytes of address space, for each process.
        var memory: UInt64 = 0
        /// Processes and threads together.
        var processes: UInt64 = 1
        var openFiles: UInt64 = 16
        /// Bytes of each file.
        var fileSize: UInt64 = 0
        /// Bytes of all files together; it holds with a mount namespace.
        var storage: UInt64 = 0

        /// `false` if there is no limit of that name.
        mutating func set(_ name: String, _ value: UInt64) -> Bool {
            switch name {
            case "cpu": cpu = value
            case "memory": memory = value
            case "processes": processes = value
            case "openFiles": openFiles = value
            case "fileSize": fileSize = value
            case "storage": storage = value
            default: return false
            }
            return true
        }

        /// Holds the calling process to them, the memory last: from here on little can be allocated.
        func apply() throws(Failure) {
            // A second more for a program that wants to clean up; then nothing helps it.
            try limit(clinux_limit_cpu, cpu, cpu + 1)
            try limit(clinux_limit_file_size, fileSize)
            try limit(clinux_limit_processes, processes)
            try limit(clinux_limit_open_files, openFiles)
            for resource in [
                clinux_limit_core, clinux_limit_locked_memory, clinux_limit_message_queues, clinux_limit_realtime,
                clinux_limit_niceness,
            ] { try limit(resource, 0) }
            try limit(clinux_limit_pending_signals, 64)
            try limit(clinux_limit_memory, memory)
        }

        private func limit(_ resource: Int32, _ soft: UInt64, _ hard: UInt64? = nil) throws(Failure) {
            try Failure.check(clinux_limit(resource, soft, hard ?? soft), "limits")
        }
    }
#endif
