public import Foundation

/// A moment on the calendar, in whole milliseconds: what is written down and compared between processes.
///
/// An ``Instant`` measures time inside a process; this names a moment for all of them.
public struct WallTime: Sendable, Hashable, Comparable, Codable {
    /// Since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init(_ date: Date) { milliseconds = Int64((date.timeIntervalSince1970 * 1_000).rounded()) }

    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    public var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1_000) }

    /// This much later; what is less than a millisecond counts as one.
    public func advanced(by duration: Duration) -> WallTime {
        let parts = duration.components
        let rest = (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return WallTime(milliseconds: milliseconds + parts.seconds * 1_000 + rest)
    }

    public func duration(to other: WallTime) -> Duration { .milliseconds(other.milliseconds - milliseconds) }

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

extension Environment {
    /// Returns at a moment on the calendar, also if the calendar clock jumps meanwhile: no earlier than it says so.
    public func sleep(until moment: WallTime) async throws {
        while true {
            let now = now().wallTime
            guard now < moment else { return }
            // A long wait looks at the calendar again now and then.
            try await sleep(for: min(now.duration(to: moment), .seconds(60)))
        }
    }
}

extension Instant {
    /// The calendar reading in whole milliseconds.
    public var wallTime: WallTime {
        let parts = sinceEpoch.components
        return WallTime(milliseconds: parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000)
    }
}
