/// How many lines of one kind are kept when there are many.
///
/// In each period the first ones of a kind and graph are kept, then every so many-th. What matters (warnings and above) and what
/// concerns a whole run is always kept.
public struct LogSampling: Sendable, Hashable {
    public var first: Int
    public var thereafter: Int
    public var period: Duration

    public init(first: Int = 100, thereafter: Int = 100, period: Duration = .seconds(1)) {
        self.first = first
        self.thereafter = max(1, thereafter)
        self.period = period
    }

    /// What came of one kind in the period.
    struct Window: Sendable {
        var start: Instant
        var count = 0
        var dropped = 0
    }

    /// Whether the next line of a kind is kept; if so, how many were not since the last one.
    func keeps(_ window: inout Window, at instant: Instant) -> Int? {
        if window.start.duration(to: instant) >= period { (window.start, window.count) = (instant, 0) }
        window.count += 1
        guard window.count <= first || (window.count - first) % thereafter == 0 else {
            window.dropped += 1
            return nil
        }
        defer { window.dropped = 0 }
        return window.dropped
    }
}
