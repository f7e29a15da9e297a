import Testing

/// The page of faults names tests; each of them exists.
@Suite struct FaultTableTests {
    private static let rows = TestedRow.all(of: "Documentation/Faults.md") {
        $0 == "all" || $0.wholeMatch(of: #/F\d+/#) != nil
    }

    @Test(arguments: rows)
    func `every test that a row names exists, in one of the suites that it names`(_ row: TestedRow) {
        #expect(row.missing.isEmpty, "\(row.missing)")
    }

    @Test func `every fault that concerns what is here has a row with a test`() {
        let numbers = (1...25).filter { ![11, 16, 17, 18, 20].contains($0) }.map { "F\($0)" } + ["all"]
        #expect(Self.rows.map(\.number) == numbers)
        for row in Self.rows where !["F4", "F24"].contains(row.number) {
            #expect(!row.sentences.isEmpty, "\(row.number)")
        }
    }
}
