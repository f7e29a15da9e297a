/// Tells somebody about an alert.
///
/// It returns once the notice is with whoever passes it on, and throws if it is not; it is then sent again.
public protocol NotificationChannel: Sendable {
    func send(_ notice: AlertNotice) async throws
}

/// Writes notices to a log.
public struct LogChannel: NotificationChannel {
    private let sink: any LogSink
    private let environment: any Environment

    public init(_ sink: any LogSink, environment: any Environment = .live) {
        self.sink = sink
        self.environment = environment
    }

    public func send(_ notice: AlertNotice) async throws {
        let level: LogLevel =
            switch (notice.kind, notice.severity) {
            case (.recovered, _), (_, .info): .notice
            case (_, .warning): .warning
            case (_, .critical): .critical
            }
        var record = LogRecord(level, "alert.\(notice.kind.rawValue)", notice.text, at: environment.now())
        record.fields.append(.init("rule", notice.rule))
        if let value = notice.value { record.fields.append(.init("value", "\(value)")) }
        sink.log(record)
        sink.flush()
    }
}

extension AlertNotice {
    /// One line for a person.
    public var text: String {
        let state =
            switch kind {
            case .firing: "fires"
            case .stillFiring: "still fires"
            case .recovered: "is over"
            }
        let words = summary.isEmpty ? "" : ": \(summary)"
        return "The alert \"\(rule)\" \(state)\(words)"
    }
}
