import Foundation
import OverdueRequestsKit
import Testing

@Suite struct CSVRequestSourceTests {
    private static let header =
        "Unique Key,Created Date,Closed Date,Due Date,Agency,Agency Name,Complaint Type,Descriptor,Borough"
    private static let row = "7,03/01/2011 02:27:57 PM,,03/02/2011 02:27:57 AM,DOT,Streets,Pothole,Deep,QUEENS"

    @Test func `reads the sample whole`() async throws {
        let batch = try await CSVRequestSource.sample().requests()
        #expect(batch.requests.count == 2000)
        #expect(batch.problems.isEmpty)
        #expect(batch.requests.first?.key == "19937896")
    }

    @Test func `finds columns by name, in any order and among others`() async throws {
        let batch = try await read(
            """
            Agency,Extra,Due Date,Created Date,Unique Key,Closed Date,Borough,Descriptor,Complaint Type,Agency Name
            DOT,?,,03/01/2011 12:00:00 AM,7,03/02/2011 12:00:00 AM,QUEENS,Deep,Pothole,"Streets, Queens"
            """)
        let midnight = try #require(LocalTime(year: 2011, month: 3, day: 1))
        let next = try #require(LocalTime(year: 2011, month: 3, day: 2))
        let expected = ServiceRequest(
            key: "7", created: midnight, closed: next, agency: "DOT", unit: "Streets, Queens", complaint: "Pothole",
            detail: "Deep", borough: "QUEENS")
        #expect(batch.requests == [expected])
    }

    @Test(arguments: [
        ("8,02/30/2011 02:27:57 PM,,,DOT,,,,", "Created Date", "02/30/2011 02:27:57 PM"),
        ("8,,,,DOT,,,,", "Created Date", ""),
        ("8,03/01/2011 02:27:57 PM,yesterday,,DOT,,,,", "Closed Date", "yesterday"),
        ("8,03/01/2011 02:27:57 PM,,2011-03-01,DOT,,,,", "Due Date", "2011-03-01"),
        (",03/01/2011 02:27:57 PM,,,DOT,,,,", "Unique Key", ""),
        ("8,03/01/2011 02:27:57 PM,,,,,,,", "Agency", ""),
        ("7,03/01/2011 02:27:57 PM,,,DOT,,,,", "Unique Key", "7"),
        ("8,03/01/2011 02:27:57 PM,,,DOT,,,", "", ""),
        ("8,03/01/2011 02:27:57 PM,,,DOT,,a\"b,,", "Complaint Type", ""),
    ])
    func `reports a bad row and reads the next`(_ bad: String, _ column: String, _ value: String) async throws {
        let good = Self.row.replacing("7,", with: "9,", maxReplacements: 1)
        let batch = try await read([Self.header, Self.row, bad, good].joined(separator: "\r\n"))
        #expect(batch.requests.map(\.key) == ["7", "9"])
        let problem = try #require(batch.problems.first)
        #expect((problem.row, problem.column, problem.value) == (3, column, value))
        #expect(!problem.reason.isEmpty)
    }

    @Test func `stops at a quote that is never closed, since all behind it would be lost`() async {
        let text = [Self.header, Self.row, "8,\"03/01/2011", Self.row].joined(separator: "\n")
        await #expect {
            try await read(text)
        } throws: { error in
            (error as? SourceError)?.code == .malformed && "\(error)".contains("row 3, column Created Date")
        }
    }

    @Test(arguments: ["", "\n\n", "a,b\n1,2\n", header + ",Agency\n", "\"Unique Key", row])
    func `refuses a header without the columns it needs`(_ text: String) async {
        await #expect { try await read(text) } throws: { ($0 as? SourceError)?.code == .header }
    }

    @Test func `names the missing columns`() async {
        await #expect {
            try await read("Unique Key,Created Date,Closed Date,Agency,Agency Name,Complaint Type,Borough\n")
        } throws: { "\($0)".contains("lacks Due Date, Descriptor") }
    }

    @Test func `tells a missing file from an unreadable one`() async {
        await #expect { try await CSVRequestSource(path: "/no/such/file.csv").requests() } throws: {
            ($0 as? SourceError)?.code == .missing && "\($0)".contains("/no/such/file.csv")
        }
        let folder = FileManager.default.temporaryDirectory.path
        await #expect { try await CSVRequestSource(path: folder).requests() } throws: {
            ($0 as? SourceError)?.code == .unreadable
        }
    }

    @Test func `reads no more rows than asked for`() async throws {
        #expect(try await CSVRequestSource.sample(limit: 17).requests().requests.count == 17)
    }

    @discardableResult
    private func read(_ text: String) async throws -> RequestBatch {
        let file = FileManager.default.temporaryDirectory.appending(path: "requests-\(UUID()).csv")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await CSVRequestSource(path: file.path).requests()
    }
}
