/// A date and a time as a clock on a wall shows them: no time zone, and none guessed.
///
/// Differences are those of the wall clock, so a day is always 24 hours.
public struct LocalTime: Sendable, Hashable {
    public let year: Int
    public let month: Int
    public let day: Int
    public let hour: Int
    public let minute: Int
    public let second: Int

    /// Fails for a date that the Gregorian calendar does not have, a year outside 1...9999, and a time outside the day.
    public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.days(in: month, of: year), (0...23).contains(hour), (0...59).contains(minute),
            (0...59).contains(second)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The wall clock's time from this moment to `other`; negative if `other` is earlier.
    public func duration(to other: LocalTime) -> Duration { .seconds(other.seconds - seconds) }

    /// Seconds since the first day of the year 1.
    private var seconds: Int {
        let past = year - 1
        var days = past * 365 + past / 4 - past / 100 + past / 400 + day - 1
        for earlier in 1..<month { days += Self.days(in: earlier, of: year) }
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension LocalTime: Comparable {
    public static func < (left: LocalTime, right: LocalTime) -> Bool {
        (left.year, left.month, left.day, left.secondOfDay) < (right.year, right.month, right.day, right.secondOfDay)
    }

    private var secondOfDay: Int { (hour * 60 + minute) * 60 + second }
}

extension LocalTime: CustomStringConvertible {
    /// As ISO 8601 writes it, `2011-03-20T00:00:00`.
    public var description: String { "\(date)T\(pad(hour)):\(pad(minute)):\(pad(second))" }

    /// The day alone, `2011-03-20`.
    public var date: String { "\(pad(year, to: 4))-\(pad(month))-\(pad(day))" }

    private func pad(_ number: Int, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
