#if os(Linux)
    import CLinux
    import Glibc

    /// The pipe through which the host hears how it went, as lines of words: `ended` with a status, microseconds of a processor
    /// and kilobytes; or `failed` with a stage and an error number.
    struct Report {
        let pipe: Int32

        /// How a program ended and what it used.
        struct End {
            var status: Int32 = 0
            var usage = rusage()
        }

        func tell(_ end: End) {
            let (user, system) = (end.usage.ru_utime, end.usage.ru_stime)
            let time = (user.tv_sec + system.tv_sec) * 1_000_000 + Int(user.tv_usec + system.tv_usec)
            tell("ended \(end.status) \(time) \(end.usage.ru_maxrss)\n")
        }

        func attempt(_ body: () throws(Failure) -> Void) {
            do { try body() } catch { tell("failed \(error.code) \(error.stage)\n") }
        }

        func tell(_ line: String) {
            let bytes = Array(line.utf8)
            _ = write(pipe, bytes, bytes.count)
        }
    }
#endif
