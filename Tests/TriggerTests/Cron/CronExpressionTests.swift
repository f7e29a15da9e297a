import Apus
import Foundation
import Testing

@Suite struct CronExpressionTests {
    @Test(arguments: [
        ("61 * * * *", CronError.Field.minute, "61"), ("* 24 * * *", .hour, "24"), ("* * 0 * *", .dayOfMonth, "0"),
        ("* * * foo *", .month, "foo"), ("* * * * 1#6", .dayOfWeek, "1#6"), ("*/0 * * * *", .minute, "*/0"),
        ("5-1 * * * *", .minute, "5-1"), ("60 * * * * *", .second, "60"), ("0 0 0 1 1 * 1950", .year, "1950"),
        ("1,,2 * * * *", .minute, ""), ("* ? * * *", .hour, "?"), ("* * * * L", .dayOfWeek, "L"),
    ])
    func `an error names the field and what does not fit`(text: String, field: CronError.Field, part: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.field == field)
        #expect(error?.text == part)
    }

    @Test(arguments: ["", "* * * *", "* * * * * * * *", "@never", "CRON_TZ=Nowhere/Land * * * * *"])
    func `an error about the whole names no field`(text: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.field == nil)
    }

    @Test(arguments: ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 0 1 1 * 2001", "0 0 30W 2 *"])
    func `what never comes is not waited for`(text: String) throws {
        let expression = try CronExpression(text)
        #expect(expression.next(after: Self.moment("2026-01-01 00:00")) == nil)
    }

    @Test(arguments: [
        ("0 0 L * *", "2026-02-28 00:00"), ("0 0 L-2 * *", "2026-02-26 00:00"), ("0 9 15W * *", "2026-02-16 09:00"),
        ("0 9 1W * *", "2026-03-02 09:00"), ("0 9 LW * *", "2026-02-27 09:00"), ("0 0 * * 5L", "2026-02-27 00:00"),
        ("0 0 * * tue#1", "2026-03-03 00:00"), ("0 0 29 2 *", "2028-02-29 00:00"), ("@monthly", "2026-03-01 00:00"),
        ("0 0 * * fri-mon", "2026-02-13 00:00"), ("0 0 27-L * *", "2026-02-27 00:00"),
        ("0 0 0 1 1 ? 2030", "2030-01-01 00:00"),
        ("0 12 13 * fri", "2026-02-13 12:00"), ("CRON_TZ=Asia/Tokyo 0 9 * * *", "2026-02-12 00:00"),
    ])
    func `the next moment is found`(text: String, next: String) throws {
        let expression = try CronExpression(text)
        #expect(expression.next(after: Self.moment("2026-02-11 12:30")) == Self.moment(next))
    }

    @Test func `both day fields may be asked for`() throws {
        let expression = try CronExpression("0 0 13 * fri", .init(days: .both))
        #expect(expression.next(after: Self.moment("2026-03-14 00:00")) == Self.moment("2026-11-13 00:00"))
    }

    @Test func `forty years to the next one are found`() throws {
        let expression = try CronExpression("0 0 29 2 mon", .init(days: .both))
        #expect(expression.next(after: Self.moment("2072-03-01 00:00")) == Self.moment("2112-02-29 00:00"))
    }

    @Test func `a gap fires once when it is over, a repeated hour once in its first pass`() throws {
        let zone = try #require(TimeZone(identifier: "America/New_York"))
        let gap = try Schedule.cron("0,15,30 2 * * *", in: zone)
        // 2026-03-08 02:00 does not exist; 03:00 is 07:00 in GMT.
        let first = gap.next(after: Self.moment("2026-03-08 00:00"))
        #expect(first == Self.moment("2026-03-08 07:00"))
        #expect(gap.next(after: Self.moment("2026-03-08 07:00")) == Self.moment("2026-03-09 06:00"))
        let overlap = try Schedule.cron("30 1 * * *", in: zone)
        #expect(overlap.next(after: Self.moment("2026-11-01 00:00")) == Self.moment("2026-11-01 05:30"))
        #expect(overlap.next(after: Self.moment("2026-11-01 05:30")) == Self.moment("2026-11-02 06:30"))
    }

    @Test func `intervals are counted from their anchor in both directions`() {
        let schedule = Schedule.every(.seconds(10), from: WallTime(milliseconds: 3))
        #expect(schedule.next(after: WallTime(milliseconds: 3)) == WallTime(milliseconds: 10_003))
        #expect(schedule.next(after: WallTime(milliseconds: 2)) == WallTime(milliseconds: 3))
        #expect(schedule.next(after: WallTime(milliseconds: -1)) == WallTime(milliseconds: 3))
        #expect(schedule.previous(before: WallTime(milliseconds: 3)) == WallTime(milliseconds: -9_997))
        #expect(schedule.previous(before: WallTime(milliseconds: 4)) == WallTime(milliseconds: 3))
    }

    @Test func `moments come once each and in order`() {
        let schedule = Schedule.at(WallTime(milliseconds: 5), WallTime(milliseconds: 2), WallTime(milliseconds: 5))
        #expect(schedule.next(9, after: WallTime(milliseconds: 0)) == [2, 5].map { WallTime(milliseconds: $0) })
        #expect(schedule.previous(before: WallTime(milliseconds: 5)) == WallTime(milliseconds: 2))
    }

    static func moment(_ text: String) -> WallTime {
        let reader = DateFormatter()
        reader.locale = Locale(identifier: "en_US_POSIX")
        reader.timeZone = .gmt
        reader.dateFormat = "yyyy-MM-dd HH:mm"
        return WallTime(reader.date(from: text) ?? Date(timeIntervalSince1970: 0))
    }
}
