import Apus
import Foundation

/// A cron that walks from minute to minute, as simple as it can be: what the clock on the wall shows in each minute of a year.
struct MinuteWalk {
    /// A job by the numbers that it admits; `nil` for `*`.
    struct Job: Sendable {
        var text: String
        var minutes: Set<Int>?
        var hours: Set<Int>?
        var days: Set<Int>?
        var months: Set<Int>?
        var weekdays: Set<Int>?
        /// Whether it goes by the time that passes.
        var isWild: Bool { minutes == nil || hours == nil || text.hasPrefix("*") }
    }

    /// Minutes since 1970 of the first moment.
    let first: Int
    /// What the clock shows, as minutes since 1970, for each minute from the first on.
    let shown: [Int]

    init(_ zone: TimeZone, year: Int) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        func minute(_ year: Int) -> Int {
            let date =
                calendar.date(from: DateComponents(year: year, month: 1, day: 1)) ?? Date(timeIntervalSince1970: 0)
            return Int(date.timeIntervalSince1970) / 60
        }
        let first = minute(year)
        self.first = first
        // Clocks are changed at full quarters of an hour.
        shown = stride(from: first, to: minute(year + 1), by: 15).flatMap { quarter in
            let ahead = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(quarter) * 60)) / 60
            return (quarter..<quarter + 15).map { $0 + ahead }
        }
    }

    /// The minutes in which the job runs; those of the first day only serve to know what the clock has shown.
    func runs(_ job: Job) -> [Int] {
        let table = Table(job, days: (shown[0] / 1_440 - 1)...(shown[shown.count - 1] / 1_440 + 1))
        let isWild = job.isWild
        var runs: [Int] = []
        var latest = shown[0]
        for place in shown.indices.dropFirst() {
            let now = shown[place]
            var matches = false
            if isWild {
                matches = table.admits(now)
            } else if now > latest {
                // What the clock has left out runs now; what it has shown before has run.
                for minute in latest + 1...now where table.admits(minute) { matches = true }
            }
            latest = max(latest, now)
            if matches, place >= 1_440 { runs.append(first + place) }
        }
        return runs
    }

    /// What a job admits, looked up.
    private struct Table {
        let minutes: [Bool]
        let hours: [Bool]
        let firstDay: Int
        let days: [Bool]

        init(_ job: Job, days range: ClosedRange<Int>) {
            minutes = (0..<60).map { job.minutes?.contains($0) ?? true }
            hours = (0..<24).map { job.hours?.contains($0) ?? true }
            firstDay = range.lowerBound
            days = range.map { Self.admits(job, day: $0) }
        }

        func admits(_ minute: Int) -> Bool {
            minutes[minute % 60] && hours[minute / 60 % 24] && days[minute / 1_440 - firstDay]
        }

        private static func admits(_ job: Job, day: Int) -> Bool {
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = .gmt
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let parts = calendar.dateComponents([.month, .day, .weekday], from: date)
            guard job.months?.contains(parts.month ?? 0) ?? true else { return false }
            let isDay = job.days.map { $0.contains(parts.day ?? 0) }
            let isWeekday = job.weekdays.map { $0.contains((parts.weekday ?? 0) - 1) }
            if let isDay, let isWeekday { return isDay || isWeekday }
            return isDay ?? isWeekday ?? true
        }
    }
}
