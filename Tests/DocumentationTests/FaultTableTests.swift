import Foundation
import Testing

/// The page of faults names tests; each of them exists.
@Suite struct FaultTableTests {
    /// A row of the table: its number, and the tests that it names.
    struct Row: Sendable, CustomTestStringConvertible {
        var number: String
        var suites: [String]
        var sentences: [String]
        var testDescription: String { number }
    }

    private static let rows: [Row] = {
        let page = try? String(contentsOf: Checkout.root.appending(path: "Documentation/Faults.md"), encoding: .utf8)
        return (page ?? "").split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4, cells[0] == "all" || cells[0].wholeMatch(of: #/F\d+/#) != nil else { return nil }
            return Row(
                number: cells[0], suites: cells[3].matches(of: #/\w+Tests/#).map { String($0.output) },
                sentences: cells[3].split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset % 2 == 1 && $0.element.contains(" ") }.map { String($0.element) })
        }
    }()

    /// The text of every test of the repository.
    private static let tests: [String] = {
        let folder = Checkout.root.appending(path: "Tests")
        guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
        return walk.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .compactMap { try? String(contentsOf: $0, encoding: .utf8) }
    }()

    @Test(arguments: rows)
    func `every test that a row names exists, in one of the suites that it names`(_ row: Row) {
        let suites = Self.tests.filter { text in row.suites.contains { text.contains(" struct \($0) ") } }
        #expect(suites.count >= Set(row.suites).count, "\(row.suites)")
        for sentence in row.sentences {
            #expect(suites.contains { $0.contains("`\(sentence)`(") }, "\(sentence)")
        }
    }

    @Test func `every fault that concerns what is here has a row with a test`() {
        let numbers = (1...25).filter { ![11, 16, 17, 18, 20].contains($0) }.map { "F\($0)" } + ["all"]
        #expect(Self.rows.map(\.number) == numbers)
        for row in Self.rows where !["F4", "F24"].contains(row.number) {
            #expect(!row.sentences.isEmpty, "\(row.number)")
        }
    }
}
