import Apus
import AsideKit
import FieldOperationsKit
import Foundation
import OverdueRequestsKit
import Testing

@Suite(.aside) struct FieldDayTests {
    private func report(hours: Int, seed: UInt64, outage: Range<Double>) async throws -> DayReport {
        let from = try LocalTime(isoForm: "2011-03-02T09:00:00")
        let requests = try await CSVRequestSource.bundled().requests().requests
        let day = FieldDay(from: from, hours: hours, seed: seed, outage: outage, requests: requests)
        return try day.run(Configuration(variables: [:]))
    }

    @Test func `a day with an outage loses no notice, and its level rises and falls`() async throws {
        let report = try await report(hours: 6, seed: 1, outage: 1..<2.5)
        #expect(report.problems.isEmpty, "\(report)")
        let text = "\(report)"
        #expect(text.contains("limited"))
        #expect(text.contains("open"))
        #expect(text.contains("Nothing was lost"))
        #expect(text.contains("The alert \"webhook down\" fires: "))
        #expect(text.contains("The alert \"webhook down\" is over"))
        #expect(!text.contains("no hour"))
        let picture = report.dashboard
        #expect(picture.hasPrefix("<svg") && picture.hasSuffix("</svg>\n"))
    }

    @Test func `the same seed makes the same day`() async throws {
        let first = try await report(hours: 2, seed: 9, outage: 0.5..<1)
        let second = try await report(hours: 2, seed: 9, outage: 0.5..<1)
        #expect("\(first)" == "\(second)")
        #expect(first.dashboard == second.dashboard)
    }
}
