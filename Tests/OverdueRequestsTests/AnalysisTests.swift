import OverdueRequestsKit
import Testing

@Suite struct AnalysisTests {
    @Test func `counts the sample as its source tells`() async throws {
        let batch = try await CSVRequestSource.sample().requests()
        let analysis = Analysis(of: batch.requests, at: Samples.asOf)
        #expect(analysis.total == Analysis.Count(open: 353, overdue: 138, dueSoon: 0))
        let overdue = analysis.agencies.filter { $0.count.overdue > 0 }.map { "\($0.name) \($0.count.overdue)" }
        #expect(overdue == ["DOF 68", "DOT 40", "DHS 11", "DPR 10", "DOHMH 8", "DFTA 1"])
    }

    @Test(arguments: [
        (nil, true), ("2011-03-20T00:00:01", true), ("2011-03-20T00:00:00", false), ("2011-03-19T23:59:59", false),
    ])
    func `a request is open until the moment it is closed`(_ closed: String?, _ open: Bool) throws {
        var request = Samples.request(late: 1)
        request.closed = try closed.map { try LocalTime(isoForm: $0) }
        #expect(request.isOpen(at: Samples.asOf) == open)
        #expect(request.isOverdue(at: Samples.asOf) == open)
    }

    @Test func `a request is open from the moment it is made`() throws {
        var request = Samples.request(late: 1)
        request.created = Samples.asOf
        #expect(request.isOpen(at: Samples.asOf))
        #expect(!request.isOpen(at: try LocalTime(isoForm: "2011-03-19T23:59:59")))
    }

    @Test(arguments: [
        ("2011-03-19T23:59:59", true, false), ("2011-03-20T00:00:00", false, true),
        ("2011-03-21T00:00:00", false, true), ("2011-03-21T00:00:01", false, false),
    ])
    func `a request is due soon for a day, and overdue from the second after`(
        _ due: String, _ overdue: Bool, _ soon: Bool
    ) throws {
        var request = Samples.request(late: 1)
        request.due = try LocalTime(isoForm: due)
        #expect(request.isOverdue(at: Samples.asOf) == overdue)
        #expect(request.isDueSoon(at: Samples.asOf) == soon)
    }

    @Test func `a request without a due date is never late`() {
        var request = Samples.request(late: 1)
        request.due = nil
        #expect(request.isOpen(at: Samples.asOf))
        #expect(!request.isOverdue(at: Samples.asOf) && !request.isDueSoon(at: Samples.asOf))
    }

    @Test func `agencies stand in one order: most overdue, then most open, then by name`() {
        var requests = ["B", "A", "C", "C", "D"].map { Samples.request(late: 1, agency: $0) }
        requests[4].due = nil
        requests += requests.prefix(1)
        #expect(Analysis(of: requests, at: Samples.asOf).agencies.map(\.name) == ["B", "C", "A", "D"])
        #expect(Analysis(of: requests.reversed(), at: Samples.asOf) == Analysis(of: requests, at: Samples.asOf))
    }

    @Test func `overdue requests stand in one order: the latest first, then by key`() {
        let requests = [("3", 2), ("2", 2), ("9", 5), ("4", 0)].map { Samples.request($0.0, late: $0.1) }
        let overdue = OverdueRequest.all(of: requests, at: Samples.asOf)
        #expect(overdue.map(\.request.key) == ["9", "2", "3"])
        #expect(overdue.map(\.late) == [5, 2, 2].map { .seconds($0 * 86_400) })
    }
}
