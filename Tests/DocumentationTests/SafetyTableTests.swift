import Testing

/// The page of safety names tests; each of them exists.
@Suite struct SafetyTableTests {
    private static let rows = TestedRow.all(of: "Documentation/Safety.md") { $0.wholeMatch(of: #/S\d+/#) != nil }

    @Test(arguments: rows)
    func `every test that a row names exists, in one of the suites that it names`(_ row: TestedRow) {
        #expect(row.missing.isEmpty, "\(row.missing)")
        #expect(!row.sentences.isEmpty)
    }

    @Test func `every attack on what is here has its row`() {
        #expect(Self.rows.map(\.number) == ["S3", "S6", "S7", "S8", "S9", "S20", "S22", "S24", "S25"])
    }
}
