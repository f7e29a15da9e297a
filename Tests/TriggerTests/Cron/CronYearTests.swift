@testable import Apus
import AsideKit
import Foundation
import Testing

@Suite(.aside) struct CronYearTests {
    static let zones = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo"]
    static let jobs: [MinuteWalk.Job] = [
        .init(text: "30 2 * * *", minutes: [30], hours: [2]),
        .init(text: "0,30 2 * * *", minutes: [0, 30], hours: [2]),
        .init(text: "30 1 * * *", minutes: [30], hours: [1]), .init(text: "0 0 * * *", minutes: [0], hours: [0]),
        .init(text: "15,45 0 * * *", minutes: [15, 45], hours: [0]),
        .init(text: "59 23 * * *", minutes: [59], hours: [23]),
        .init(text: "5 0-3 * * *", minutes: [5], hours: [0, 1, 2, 3]), .init(text: "0 * * * *", minutes: [0]),
        .init(text: "*/20 * * * *", minutes: [0, 20, 40]), .init(text: "* 2 * * *", hours: [2]),
        .init(text: "*/10 1 * * *", minutes: [0, 10, 20, 30, 40, 50], hours: [1]),
        .init(text: "30 2 8 3 *", minutes: [30], hours: [2], days: [8], months: [3]),
        .init(text: "30 1 1-7 11 0", minutes: [30], hours: [1], days: Set(1...7), months: [11], weekdays: [0]),
        .init(
            text: "10 0,2,3 * 3,4,9,10,11 0", minutes: [10], hours: [0, 2, 3], months: [3, 4, 9, 10, 11], weekdays: [0]),
    ]
    static let walks: [String: MinuteWalk] = Dictionary(
        uniqueKeysWithValues: zones.map { ($0, MinuteWalk(TimeZone(identifier: $0) ?? .gmt, year: 2026)) })

    @Test(arguments: zones)
    func `a year of firings is what a walk through its minutes finds`(zone: String) throws {
        for job in Self.jobs {
            let (forward, backward) = try Self.firings(of: job, in: zone)
            let wanted = Self.walks[zone]?.runs(job) ?? []
            #expect(!wanted.isEmpty)
            #expect(Self.difference(forward, wanted) == nil, "\(job.text) in \(zone)")
            #expect(Self.difference(backward.reversed(), wanted) == nil, "\(job.text) in \(zone), backwards")
        }
    }

    @Test(arguments: zones)
    func `the clock of each zone is put forward and back in that year`(zone: String) {
        let shown = Self.walks[zone]?.shown ?? []
        let steps = zip(shown, shown.dropFirst()).map { $1 - $0 }.filter { $0 != 1 }
        #expect(steps.count == 2 && steps.contains { $0 > 1 } && steps.contains { $0 < 1 })
    }

    /// The first minute that is in one list alone.
    static func difference(_ left: [Int], _ right: [Int]) -> Int? {
        for (one, other) in zip(left, right) where one != other { return min(one, other) }
        return left.count == right.count ? nil : left.count < right.count ? right[left.count] : left[right.count]
    }

    static func firings(of job: MinuteWalk.Job, in name: String) throws -> ([Int], [Int]) {
        let expression = try CronExpression(job.text)
        let zone = TimeZone(identifier: name) ?? .gmt
        let walk = walks[name]
        let start = WallTime(milliseconds: Int64((walk?.first ?? 0) + 1_440) * 60_000 - 1)
        let end = WallTime(milliseconds: Int64((walk?.first ?? 0) + (walk?.shown.count ?? 0)) * 60_000)
        var forward: [Int] = []
        var moment = start
        while let next = expression.next(after: moment, in: zone), next < end {
            forward.append(Int(next.milliseconds / 60_000))
            moment = next
        }
        var backward: [Int] = []
        moment = end
        while let previous = expression.previous(before: moment, in: zone), previous > start {
            backward.append(Int(previous.milliseconds / 60_000))
            moment = previous
        }
        return (forward, backward)
    }

    #if DEBUG
        @Test(arguments: [PlantedBug.gapFiringLost, .firedTwiceInOverlap])
        func `a walk through the minutes finds planted bugs`(bug: PlantedBug) throws {
            let isFound = try PlantedBug.$current.withValue(bug) {
                try Self.jobs.contains { job in
                    try Self.firings(of: job, in: "America/New_York").0 != Self.walks["America/New_York"]?.runs(job)
                }
            }
            #expect(isFound)
        }
    #endif
}
