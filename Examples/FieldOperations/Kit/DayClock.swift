public import Apus
import Foundation
public import OverdueRequestsKit

extension WallTime {
    private static let origin = LocalTime(year: 1970, month: 1, day: 1)

    /// The moment that a clock on the city's walls shows, as if it stood in Greenwich: the data names no zone.
    public init(_ local: LocalTime) {
        let seconds = Self.origin?.duration(to: local).components.seconds ?? 0
        self.init(milliseconds: seconds * 1_000)
    }

    /// What a clock on the wall shows.
    public var local: LocalTime {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let time = LocalTime(
            year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0, hour: parts.hour ?? 0,
            minute: parts.minute ?? 0, second: parts.second ?? 0)
        guard let time else { preconditionFailure("no time on the wall: \(milliseconds)") }
        return time
    }

    /// How many whole hours have passed since `other`.
    func hours(since other: WallTime) -> Int { Int((milliseconds - other.milliseconds) / 3_600_000) }
}

/// Another environment on another day: everything is as there but the calendar.
public struct DayEnvironment: Environment {
    private let base: any Environment
    private let shift: Duration

    /// The calendar shows `moment` now.
    public init(_ base: any Environment, showing moment: WallTime) {
        self.base = base
        shift = .milliseconds(moment.milliseconds) - base.now().sinceEpoch
    }

    public var executor: (any TaskExecutor)? { base.executor }

    public func now() -> Instant {
        var now = base.now()
        now.sinceEpoch += shift
        return now
    }

    public func random() -> UInt64 { base.random() }
    public func sleep(until deadline: Instant) async throws { try await base.sleep(until: deadline) }
    public func sleep(for duration: Duration) async throws { try await base.sleep(for: duration) }
}
