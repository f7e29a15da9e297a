/// A day of the Gregorian calendar, which is taken for all times, and the seconds that a clock on the wall has counted until then.
struct CivilDay: Sendable {
    var year: Int
    /// From 1 on.
    var month: Int
    var day: Int

    static let seconds = 86_400

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that is so many days after 1970-01-01. Years begin in March here, so that the day that is not always there is the last.
    init(days: Int) {
        let shifted = days + 719_468
        let era = Self.floored(shifted, 146_097)
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * ofYear + 2) / 153
        day = ofYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// How many days it is after 1970-01-01.
    var days: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = Self.floored(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
    }

    /// How many days its month has.
    var monthLength: Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The weekday of the first of its month: 0 is a Sunday.
    var firstWeekday: Int {
        let days = CivilDay(year: year, month: month, day: 1).days + 4
        return days - Self.floored(days, 7) * 7
    }

    static func floored(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : -((-number + divisor - 1) / divisor)
    }
}
