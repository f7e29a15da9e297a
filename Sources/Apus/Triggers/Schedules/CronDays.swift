/// Which days of a month an expression admits.
struct CronDays: Sendable {
    private let ofMonth: CronField
    private let ofWeek: CronField
    private let options: CronExpression.Options.Days

    init(ofMonth: CronField, ofWeek: CronField, _ options: CronExpression.Options.Days) {
        self.ofMonth = ofMonth
        self.ofWeek = ofWeek
        self.options = options
    }

    /// The admitted days of the month of `month`, as a field.
    func days(of month: CivilDay) -> CronField {
        let length = month.monthLength
        let all: UInt64 = (1 << UInt64(length + 1)) - 2
        let first = month.firstWeekday
        var field = CronField()
        switch (ofMonth.isOpen, ofWeek.isOpen, options) {
        case (true, _, _): field.bits = weekdays(length, first)
        case (false, true, _): field.bits = numbers(length, first)
        case (false, false, .either): field.bits = weekdays(length, first) | numbers(length, first)
        case (false, false, .both): field.bits = weekdays(length, first) & numbers(length, first)
        }
        field.bits &= all
        return field
    }

    private func numbers(_ length: Int, _ first: Int) -> UInt64 {
        var bits = ofMonth.bits
        for back in ofMonth.fromLast where back < length { bits |= 1 << UInt64(length - back) }
        for day in ofMonth.nearest where day <= length {
            bits |= 1 << UInt64(workday(nearestTo: day == 0 ? length : day, length, first))
        }
        return bits
    }

    /// A Saturday goes to the Friday before, a Sunday to the Monday behind, without leaving the month.
    private func workday(nearestTo day: Int, _ length: Int, _ first: Int) -> Int {
        switch (first + day - 1) % 7 {
        case 6: day == 1 ? 3 : day - 1
        case 0: day == length ? day - 2 : day + 1
        default: day
        }
    }

    private func weekdays(_ length: Int, _ first: Int) -> UInt64 {
        var bits: UInt64 = 0
        for weekday in 0..<7 where ofWeek.contains(weekday) {
            for day in stride(from: Self.first(weekday, first), through: length, by: 7) { bits |= 1 << UInt64(day) }
        }
        for counted in ofWeek.counted {
            let start = Self.first(counted.weekday, first)
            let day = counted.number == 0 ? start + (length - start) / 7 * 7 : start + (counted.number - 1) * 7
            if day <= length { bits |= 1 << UInt64(day) }
        }
        return bits
    }

    /// The first day of the month that is this weekday.
    private static func first(_ weekday: Int, _ first: Int) -> Int { (weekday - first + 7) % 7 + 1 }
}
