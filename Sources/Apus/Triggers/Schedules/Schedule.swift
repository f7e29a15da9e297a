public import Foundation

/// Moments that are known beforehand.
public struct Schedule: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: Sendable, Hashable {
        case cron(CronExpression, TimeZone)
        /// Every so many milliseconds, counted from a moment.
        case interval(Int64, WallTime)
        case moments([WallTime])
    }

    private let kind: Kind

    /// What a cron expression says, on the clock of a zone unless the expression names its own.
    public static func cron(_ expression: CronExpression, in zone: TimeZone = .gmt) -> Schedule {
        Schedule(kind: .cron(expression, zone))
    }

    /// The same from text; throws ``CronError``.
    public static func cron(_ text: String, in zone: TimeZone = .gmt) throws(CronError) -> Schedule {
        .cron(try CronExpression(text), in: zone)
    }

    /// Each time that `duration` has passed since `anchor`, also before it. The moments do not depend on when anybody looks, and the
    /// clocks of no zone touch them.
    public static func every(_ duration: Duration, from anchor: WallTime = WallTime(milliseconds: 0)) -> Schedule {
        let milliseconds = WallTime(milliseconds: 0).advanced(by: duration).milliseconds
        precondition(milliseconds > 0, "nothing can happen every \(duration)")
        return Schedule(kind: .interval(milliseconds, anchor))
    }

    /// These moments, in the order of time.
    public static func at(_ moments: WallTime...) -> Schedule { .at(moments) }

    /// These moments, in the order of time.
    public static func at(_ moments: [WallTime]) -> Schedule {
        let sorted = moments.sorted()
        return Schedule(
            kind: .moments(sorted.indices.filter { $0 == 0 || sorted[$0] != sorted[$0 - 1] }.map { sorted[$0] }))
    }

    /// The first moment behind `moment`.
    public func next(after moment: WallTime) -> WallTime? {
        switch kind {
        case .cron(let expression, let zone): return expression.next(after: moment, in: zone)
        case .interval(let length, let anchor):
            let count = Self.floored(moment.milliseconds - anchor.milliseconds, length)
            return WallTime(milliseconds: anchor.milliseconds + (count + 1) * length)
        case .moments(let moments): return moments.first { $0 > moment }
        }
    }

    /// The last moment before `moment`.
    public func previous(before moment: WallTime) -> WallTime? {
        switch kind {
        case .cron(let expression, let zone): return expression.previous(before: moment, in: zone)
        case .interval(let length, let anchor):
            let count = Self.floored(moment.milliseconds - anchor.milliseconds - 1, length)
            return WallTime(milliseconds: anchor.milliseconds + count * length)
        case .moments(let moments): return moments.last { $0 < moment }
        }
    }

    /// The next moments, `count` at most.
    public func next(_ count: Int, after moment: WallTime) -> [WallTime] {
        var found: [WallTime] = []
        while found.count < count, let next = next(after: found.last ?? moment) { found.append(next) }
        return found
    }

    /// What it says, for a person, and equal for equal schedules.
    public var description: String {
        switch kind {
        case .cron(let expression, let zone):
            let days = expression.options.days == .both ? ", both days" : ""
            let second = expression.options.second == .last ? ", second last" : ""
            return "cron \(expression) in \((expression.timeZone ?? zone).identifier)\(days)\(second)"
        case .interval(let length, let anchor): return "every \(length) ms from \(anchor.milliseconds)"
        case .moments(let moments): return "at " + moments.map { "\($0.milliseconds)" }.joined(separator: ", ")
        }
    }

    private static func floored(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : -((-number + divisor - 1) / divisor)
    }
}
