/// Writes what happens in runs to a log.
///
/// | level | what |
/// |---|---|
/// | debug | starts, elements that complete, what is skipped or put away |
/// | info | runs that begin, go on, wait or complete; nodes that complete; questions; calls of models and tools; progress |
/// | notice | runs and nodes that are cancelled or let go of |
/// | warning | attempts that are repeated, nodes that are passed over, calls that fail |
/// | error | nodes and runs that fail |
public struct RunLog: Observer {
    let sink: any LogSink
    let level: LogLevel
    let redaction: Redaction
    let sampler: LogSampler?

    /// Records below `level` are not made. What errors and nodes say goes through `redaction`.
    public init(
        _ sink: any LogSink, level: LogLevel = .info, redaction: Redaction = .standard, sampling: LogSampling? = nil
    ) {
        self.sink = sink
        self.level = level
        self.redaction = redaction
        sampler = sampling.map(LogSampler.init)
    }

    public func watcher(of run: RunFacts) -> (any RunWatcher)? { RunLogWatcher(log: self, facts: run) }
}

/// Counts the lines of all runs by their kind.
final class LogSampler: Sendable {
    private let sampling: LogSampling
    private let windows = Guarded<[String: LogSampling.Window]>([:])

    init(_ sampling: LogSampling) { self.sampling = sampling }

    /// Whether a record is kept, and how many of its kind were not.
    func keeps(_ record: LogRecord) -> Int? {
        if record.level >= .warning || record.activation == nil { return 0 }
        let key = "\(record.graph ?? "")/\(record.event)"
        return windows.withLock { windows in
            sampling.keeps(&windows[key, default: .init(start: record.instant)], at: record.instant)
        }
    }
}
