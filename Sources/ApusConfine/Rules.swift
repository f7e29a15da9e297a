#if os(Linux)
    import CLinux
    import Glibc

    /// What is to be run and how it is confined, as it comes through a pipe: pairs of a name and a value, each as its length in
    /// bytes, a colon and the bytes, the last pair named `end`.
    ///
    /// A name that is not known is refused, since it may be a restriction.
    struct Rules {
        /// The version of the names; whoever sends another one is refused.
        static let version = "1"

        var layers: Set<Layer> = []
        var program = ""
        var arguments: [String] = []
        var environment: [String] = []
        /// What may be read and executed, files and folders.
        var readable: [String] = []
        /// The folder that may be written: of the host, or, with a mount namespace, one that is made.
        var work = ""
        /// The name of the file there that holds the code.
        var file = ""
        var code: [UInt8] = []
        var limits = Limits()

        init(from pipe: Int32) throws(Failure) {
            let reader = Reader(pipe: pipe)
            guard try reader.text() == "version", try reader.text() == Self.version else {
                throw Failure("rules", EPROTO)
            }
            while true {
                let name = try reader.text()
                let value = try reader.value()
                if name == "end" { break }
                try take(name, value)
            }
            let isComplete = program.hasPrefix("/") && work.hasPrefix("/") && !file.isEmpty && !file.utf8.contains(0x2f)
            guard isComplete else { throw Failure("rules", EINVAL) }
        }

        private mutating func take(_ name: String, _ value: [UInt8]) throws(Failure) {
            if name == "code" {
                code = value
                return
            }
            guard let text = String(validating: value, as: UTF8.self), !value.contains(0) else {
                throw Failure("rules", EILSEQ)
            }
            switch name {
            case "layer":
                guard let layer = Layer(rawValue: text) else { throw Failure("rules", EPROTO) }
                layers.insert(layer)
            case "program": program = text
            case "argument": arguments.append(text)
            case "environment": environment.append(text)
            case "readable": readable.append(text)
            case "work": work = text
            case "file": file = text
            default:
                guard let number = UInt64(text), limits.set(name, number) else { throw Failure("rules", EPROTO) }
            }
        }
    }

    extension Rules {
        /// Reads values from a pipe.
        private struct Reader {
            let pipe: Int32

            func text() throws(Failure) -> String { String(decoding: try value(), as: UTF8.self) }

            func value() throws(Failure) -> [UInt8] {
                var length = 0
                while true {
                    let digit = try bytes(1)[0]
                    if digit == UInt8(ascii: ":") { return try bytes(length) }
                    guard (0x30...0x39).contains(digit), length < 1 << 30 else { throw Failure("rules", EPROTO) }
                    length = length * 10 + Int(digit - 0x30)
                }
            }

            private func bytes(_ count: Int) throws(Failure) -> [UInt8] {
                var bytes = [UInt8](repeating: 0, count: count)
                var filled = 0
                while filled < count {
                    let result = bytes.withUnsafeMutableBytes { read(pipe, $0.baseAddress! + filled, count - filled) }
                    if result < 0, errno == EINTR { continue }
                    guard result > 0 else { throw Failure("rules", EPIPE) }
                    filled += result
                }
                return bytes
            }
        }
    }
#endif
