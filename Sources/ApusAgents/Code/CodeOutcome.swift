/// What came of a run of code.
public struct CodeOutcome: Sendable, Hashable, Codable {
    public var ending: CodeEnding
    public var output: CapturedText
    public var errors: CapturedText
    /// Of the program and those of its children that it waited for.
    public var processorTime: Duration
    /// Bytes that one process had in memory at most.
    public var peakMemory: Int

    public init(
        _ ending: CodeEnding, output: CapturedText = CapturedText(""), errors: CapturedText = CapturedText(""),
        processorTime: Duration = .zero, peakMemory: Int = 0
    ) {
        self.ending = ending
        self.output = output
        self.errors = errors
        self.processorTime = processorTime
        self.peakMemory = peakMemory
    }

    public var succeeded: Bool { ending == .exited(0) }

    /// The limit that ended the run, or, if it failed, the one that its last words speak of.
    public var limit: CodeLimit? {
        switch ending {
        case .exited(0): return nil
        case .stopped(let limit): return limit
        case .exited, .killed: return Self.complaints.first { errors.text.suffix(2_000).contains($0.words) }?.limit
        }
    }

    /// What programs say when Linux refuses them more.
    private static let complaints: [(words: String, limit: CodeLimit)] = [
        ("MemoryError", .memory), ("Cannot allocate memory", .memory), ("Out of memory", .memory),
        ("bad_alloc", .memory), ("No space left on device", .storage), ("File too large", .fileSize),
        ("Too many open files", .openFiles), ("Resource temporarily unavailable", .processes),
        ("can't start new thread", .processes), ("Cannot fork", .processes),
    ]
}

extension CodeOutcome: CustomStringConvertible {
    /// For a model to read: how it ended, its output, its errors.
    public var description: String {
        let words =
            switch ending {
            case .exited(let code): "exit code \(code)" + (limit.map { ", limit reached: \($0.rawValue)" } ?? "")
            case .killed(let signal): "killed by signal \(signal)"
            case .stopped(let limit): "stopped, limit reached: \(limit.rawValue)"
            }
        let parts = [words, output.isEmpty ? "no output" : "output:\n\(output)"]
        return (parts + (errors.isEmpty ? [] : ["errors:\n\(errors)"])).joined(separator: "\n")
    }
}

/// How a run of code ended.
public enum CodeEnding: Sendable, Hashable, Codable {
    case exited(Int)
    /// By a signal of its own making, such as that of a bad access to memory.
    case killed(signal: Int)
    case stopped(CodeLimit)
}

/// Text that a program wrote, and how much of it was not kept.
public struct CapturedText: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What is no UTF-8 is replaced.
    public var text: String
    /// Bytes that are left out of the middle.
    public var omitted: Int

    public init(_ text: String, omitted: Int = 0) {
        self.text = text
        self.omitted = omitted
    }

    public var isEmpty: Bool { text.isEmpty && omitted == 0 }
    public var description: String { text }
}
