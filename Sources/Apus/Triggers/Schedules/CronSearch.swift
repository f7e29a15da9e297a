/// Finds what an expression admits on a clock that is never put forward or back, in seconds since 1970.
///
/// It goes by months, then by what the fields admit: some ten steps to a match, at most 600 where there is none for
/// ``bound`` years.
struct CronSearch: Sendable {
    /// The longest time between two matches is that of 29 February on one weekday: 40 years across a century.
    static let bound = 50

    let expression: CronExpression

    /// The first match from `start` on.
    func next(from start: Int) -> Int? {
        let days = CivilDay.floored(start, CivilDay.seconds)
        var place = CivilDay(days: days)
        var time = start - days * CivilDay.seconds
        let last = min(place.year + Self.bound, expression.years?.last ?? .max)
        while place.year <= last {
            if !admits(place.year) || !expression.month.contains(place.month) {
                place = following(place)
                time = 0
                continue
            }
            let field = expression.days.days(of: place)
            if field.contains(place.day), let found = first(from: time) { return place.days * CivilDay.seconds + found }
            guard let day = field.next(from: place.day + 1), let found = first(from: 0) else {
                place = following(place)
                time = 0
                continue
            }
            return CivilDay(year: place.year, month: place.month, day: day).days * CivilDay.seconds + found
        }
        return nil
    }

    /// The last match up to `end`.
    func previous(upTo end: Int) -> Int? {
        let days = CivilDay.floored(end, CivilDay.seconds)
        var place = CivilDay(days: days)
        var time = end - days * CivilDay.seconds
        let first = max(place.year - Self.bound, expression.years?.first ?? .min)
        while place.year >= first {
            if !admits(place.year) || !expression.month.contains(place.month) {
                place = preceding(place)
                time = CivilDay.seconds - 1
                continue
            }
            let field = expression.days.days(of: place)
            if field.contains(place.day), let found = last(upTo: time) { return place.days * CivilDay.seconds + found }
            guard let day = field.previous(upTo: place.day - 1), let found = last(upTo: CivilDay.seconds - 1) else {
                place = preceding(place)
                time = CivilDay.seconds - 1
                continue
            }
            return CivilDay(year: place.year, month: place.month, day: day).days * CivilDay.seconds + found
        }
        return nil
    }

    /// The first day of the next month that may be admitted.
    private func following(_ place: CivilDay) -> CivilDay {
        if admits(place.year), let month = expression.month.next(from: place.month + 1) {
            return CivilDay(year: place.year, month: month, day: 1)
        }
        return CivilDay(year: place.year + 1, month: expression.month.bits.lowest ?? 1, day: 1)
    }

    /// The last day of the month before that may be admitted.
    private func preceding(_ place: CivilDay) -> CivilDay {
        var other = CivilDay(year: place.year - 1, month: expression.month.bits.highest ?? 12, day: 1)
        if admits(place.year), let month = expression.month.previous(upTo: place.month - 1) {
            other = CivilDay(year: place.year, month: month, day: 1)
        }
        other.day = other.monthLength
        return other
    }

    private func admits(_ year: Int) -> Bool { expression.years?.contains(year) ?? true }

    /// The first admitted second of a day from `time` on.
    private func first(from time: Int) -> Int? {
        let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60)
        let seconds = expression.second
        if expression.hour.contains(hour) {
            if expression.minute.contains(minute), let found = seconds.next(from: second) {
                return hour * 3_600 + minute * 60 + found
            }
            if let later = expression.minute.next(from: minute + 1), let found = seconds.next(from: 0) {
                return hour * 3_600 + later * 60 + found
            }
        }
        guard let later = expression.hour.next(from: hour + 1), let first = expression.minute.next(from: 0),
            let found = seconds.next(from: 0)
        else { return nil }
        return later * 3_600 + first * 60 + found
    }

    /// The last admitted second of a day up to `time`.
    private func last(upTo time: Int) -> Int? {
        let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60)
        let seconds = expression.second
        if expression.hour.contains(hour) {
            if expression.minute.contains(minute), let found = seconds.previous(upTo: second) {
                return hour * 3_600 + minute * 60 + found
            }
            if let earlier = expression.minute.previous(upTo: minute - 1), let found = seconds.previous(upTo: 59) {
                return hour * 3_600 + earlier * 60 + found
            }
        }
        guard let earlier = expression.hour.previous(upTo: hour - 1), let last = expression.minute.previous(upTo: 59),
            let found = seconds.previous(upTo: 59)
        else { return nil }
        return earlier * 3_600 + last * 60 + found
    }
}
