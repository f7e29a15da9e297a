import OverdueRequestsKit
import Testing

@Suite struct NoticeTests {
    @Test func `there is one notice an agency, the one with the most to do first`() {
        let decisions =
            decisions([("B", 4, "1"), ("A", 4, "2"), ("C", 8, "3"), ("C", 3, "4")])
            + [Decision(request: Samples.request(late: 0, agency: "D"), action: .skip, reasons: [""])]
        let notices = Notice.grouped(decisions, asOf: Samples.asOf)
        #expect(notices.map(\.agency) == ["C", "A", "B"])
        #expect(notices == Notice.grouped(decisions.reversed(), asOf: Samples.asOf))
    }

    @Test func `the gravest stand first, then the longest overdue, then by key`() {
        let all = decisions([("A", 3, "5"), ("A", 4, "4"), ("A", 4, "3"), ("A", 8, "2"), ("A", 12, "1")])
        #expect(
            Notice.grouped(all, asOf: Samples.asOf).first?.decisions.map(\.request.key) == ["1", "2", "3", "4", "5"])
    }

    @Test func `a notice names the first requests and counts the rest`() {
        let all = decisions([("A", 8, "1"), ("A", 4, "2"), ("A", 3, "3")])
        #expect(
            Notice.grouped(all, asOf: Samples.asOf).first?.text(naming: 2) == """
                To A: 3 overdue; escalate 1 to level 1; remind 2
                    1  Pothole, Queens, due 2011-03-12: escalate to level 1
                    2  Pothole, Queens, due 2011-03-16: remind
                    and 1 more
                """)
    }

    private func decisions(_ rows: [(agency: String, late: Int, key: String)]) -> [Decision] {
        rows.map { Samples.decision(about: Samples.request($0.key, late: $0.late, agency: $0.agency)) }
    }
}
