/// One thing that is worth a line in a log.
public struct LogRecord: Sendable, Hashable {
    public var instant: Instant
    public var level: LogLevel
    /// What kind of thing it is, from a fixed set: `run.started`, `node.failed`.
    public var event: String
    /// What happened, for a person.
    public var message: String
    public var run: RunID?
    public var graph: String?
    public var activation: ActivationID?
    public var attempt: Int?
    public var trace: TraceContext?
    public var duration: Duration?
    public var error: String?
    /// Anything else, in this order.
    public var fields: [Field] = []

    public struct Field: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(_ level: LogLevel, _ event: String, _ message: String, at instant: Instant) {
        self.level = level
        self.event = event
        self.message = message
        self.instant = instant
    }
}

/// How much something matters, in the levels of swift-log.
public enum LogLevel: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case trace, debug, info, notice, warning, error, critical

    private var rank: Int {
        switch self {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .notice: 3
        case .warning: 4
        case .error: 5
        case .critical: 6
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// Where records of a log go.
public protocol LogSink: Sendable {
    /// Takes a record. The run it is about waits meanwhile.
    func log(_ record: LogRecord)
    /// Hands on what was kept back; nothing of it is lost after that.
    func flush()
}

/// Keeps the records, for tests.
public final class LogMemory: LogSink {
    private let state = Guarded<[LogRecord]>([])

    public init() {}

    public var records: [LogRecord] { state.withLock { $0 } }

    public func log(_ record: LogRecord) { state.withLock { $0.append(record) } }

    public func flush() {}
}
