public import Foundation

/// A point in time as an ``Environment`` tells it: a reading of its monotonic clock together with one of its calendar clock.
///
/// Instants are ordered and measured by the monotonic reading alone, so that a jump of the calendar neither
/// fires a timer early nor stretches a duration.
public struct Instant: Sendable, Hashable, Comparable {
    /// Time since an arbitrary origin; it never runs backwards.
    public var uptime: Duration
    /// Time since 1970-01-01T00:00:00Z as the calendar clock had it.
    public var sinceEpoch: Duration

    public init(uptime: Duration, sinceEpoch: Duration) {
        self.uptime = uptime
        self.sinceEpoch = sinceEpoch
    }

    /// The calendar reading as Foundation's type.
    public var date: Date {
        let parts = sinceEpoch.components
        return Date(timeIntervalSince1970: Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }

    /// The instant this much later on both clocks.
    public func advanced(by duration: Duration) -> Instant {
        Instant(uptime: uptime + duration, sinceEpoch: sinceEpoch + duration)
    }

    /// The time from this instant to `other` on the monotonic clock.
    public func duration(to other: Instant) -> Duration { other.uptime - uptime }

    public static func < (left: Instant, right: Instant) -> Bool { left.uptime < right.uptime }
}
