/// What one field of a cron expression admits, and how it is read.
struct CronField: Sendable, Hashable {
    typealias Name = CronError.Field

    /// The admitted numbers as bits.
    var bits: UInt64 = 0
    /// Whether it leaves nothing out by what it says: `*` and `?`, but not `*/2`.
    var isOpen = false
    /// Whether it begins with `*`.
    var isStarred = false
    /// Days of the month counted from the last: 0 is the last.
    var fromLast: [Int] = []
    /// Days of the month for which the nearest working day stands; 0 is the last day.
    var nearest: [Int] = []
    /// Weekdays of which the n-th in the month is meant; 0 stands for the last.
    var counted: [Counted] = []

    struct Counted: Sendable, Hashable {
        var weekday: Int
        var number: Int
    }

    func contains(_ number: Int) -> Bool { bits >> UInt64(number) & 1 == 1 }

    /// The least admitted number from `number` on.
    func next(from number: Int) -> Int? { number > 63 ? nil : (bits & (UInt64.max << UInt64(number))).lowest }

    /// The greatest admitted number up to `number`.
    func previous(upTo number: Int) -> Int? {
        number < 0 ? nil : number >= 63 ? bits.highest : (bits & (1 << UInt64(number + 1) - 1)).highest
    }
}

extension UInt64 {
    /// The place of the lowest bit that is set.
    var lowest: Int? { self == 0 ? nil : trailingZeroBitCount }
    /// The place of the highest bit that is set.
    var highest: Int? { self == 0 ? nil : 63 - leadingZeroBitCount }
}

extension CronError.Field {
    /// The numbers that a field takes.
    var range: ClosedRange<Int> {
        switch self {
        case .second, .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        case .year: 1_970...2_199
        }
    }

    /// After how many numbers it begins again, for fields whose ranges may go over that: a Sunday is 0 and 7, and after December comes
    /// January.
    var round: Int? {
        switch self {
        case .dayOfWeek: 7
        case .month: 12
        default: nil
        }
    }

    /// The number of a name, which counts in either case.
    func number(named name: Substring) -> Int? {
        let names: [String]
        switch self {
        case .month: names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .dayOfWeek: names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        default: return nil
        }
        return names.firstIndex(of: name.lowercased()).map { $0 + range.lowerBound }
    }
}
