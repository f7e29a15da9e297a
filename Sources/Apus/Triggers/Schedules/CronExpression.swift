public import Foundation

/// Moments of the calendar, said in the way of cron: `30 8 * * mon-fri`.
///
/// Five fields, minute, hour, day of month, month and day of week; six with the second before them; seven with the year behind
/// them. `Documentation/Triggers.md` states the dialect, and what happens where clocks are put forward and back.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// What an expression does not say by itself.
    public struct Options: Sendable, Hashable {
        /// Where the second stands when there are six fields or seven.
        public enum SecondPlace: Sendable, Hashable {
            /// In front of the minute.
            case first
            /// Behind the day of week.
            case last
        }

        /// Which days count when both the day of the month and the day of the week say something.
        public enum Days: Sendable, Hashable {
            /// Those that one of them admits.
            case either
            /// Those that both admit.
            case both
        }

        public var second = SecondPlace.first
        public var days = Days.either

        public init(second: SecondPlace = .first, days: Days = .either) {
            self.second = second
            self.days = days
        }
    }

    /// As it was written.
    public let description: String
    public let options: Options
    /// The zone that it names itself, with `CRON_TZ=` in front.
    public let timeZone: TimeZone?
    let second: CronField
    let minute: CronField
    let hour: CronField
    let days: CronDays
    let month: CronField
    /// The admitted years in order; `nil` for all.
    let years: [Int]?

    /// Throws ``CronError`` with the field and the reason.
    public init(_ text: String, _ options: Options = Options()) throws(CronError) {
        description = text
        self.options = options
        var words = text.split { $0 == " " || $0 == "\t" }
        var zone: TimeZone?
        for prefix in ["CRON_TZ=", "TZ="] {
            guard zone == nil, let first = words.first, first.hasPrefix(prefix) else { continue }
            zone = TimeZone(identifier: String(first.dropFirst(prefix.count)))
            if zone == nil { throw CronError(text, "there is no time zone \"\(first.dropFirst(prefix.count))\"") }
            words.removeFirst()
        }
        timeZone = zone
        if words.count == 1, let word = words.first, word.hasPrefix("@") {
            guard let meaning = Self.macros[word.lowercased()] else { throw CronError(text, "\(word) is not known") }
            words = meaning.split(separator: " ")
        }
        guard (5...7).contains(words.count) else {
            throw CronError(
                text, "it has \(words.count) fields instead of five, six with the second, or seven with the year")
        }
        let year = words.count == 7 ? words.removeLast() : "*"
        var secondWord: Substring = "0"
        if words.count == 6 { secondWord = options.second == .first ? words.removeFirst() : words.removeLast() }
        second = try CronReader(secondWord, .second).field()
        minute = try CronReader(words[0], .minute).field()
        hour = try CronReader(words[1], .hour).field()
        days = CronDays(
            ofMonth: try CronReader(words[2], .dayOfMonth).field(),
            ofWeek: try CronReader(words[4], .dayOfWeek).field(),
            options.days)
        month = try CronReader(words[3], .month).field()
        years = try CronReader(year, .year).years()
    }

    private static let macros = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    public static func == (left: Self, right: Self) -> Bool {
        left.description == right.description && left.options == right.options
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(description)
        hasher.combine(options)
    }

    /// Whether it goes by the time that passes rather than by the clock on the wall: its minute or its hour begins with `*`.
    var isElapsing: Bool { minute.isStarred || hour.isStarred }
}
