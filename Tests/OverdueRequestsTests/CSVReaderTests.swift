import OverdueRequestsKit
import Testing

@Suite struct CSVReaderTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2", [["a", "b"], ["1", "2"]]),
        ("a,,\n,,\n", [["a", "", ""], ["", "", ""]]),
        (#"a,"b, c",d"#, [["a", "b, c", "d"]]),
        (#""say ""hello""",x"#, [[#"say "hello""#, "x"]]),
        ("\"two\nlines\",x\r\ny,\"two\r\nmore\"", [["two\nlines", "x"], ["y", "two\r\nmore"]]),
        ("\"\"\",\"\"\",x", [["\",\"", "x"]]),
        ("\"\",\"\"", [["", ""]]),
        ("\u{FEFF}a,b\n", [["a", "b"]]),
        ("\u{FEFF}\"a\",b\n", [["a", "b"]]),
        ("Café,日本\n", [["Café", "日本"]]),
        ("a\n\n\r\nb\n", [["a"], ["b"]]),
        ("", []),
        ("\n\n", []),
    ])
    func `reads values as RFC 4180 writes them`(_ text: String, _ expected: [[String]]) throws {
        #expect(try read(text).map(\.fields) == expected)
    }

    @Test func `counts rows as a spreadsheet does, whatever lines a quoted value spans`() throws {
        #expect(try read("a\n\"1\n2\"\n\nb\n").map(\.row) == [1, 2, 4])
    }

    @Test(arguments: [
        ("a,b\n1,\"2\n3,4\n", CSVError(.unterminatedQuote, row: 2, column: 2)),
        ("\"", CSVError(.unterminatedQuote, row: 1, column: 1)),
        ("a,b\"c\n", CSVError(.strayQuote, row: 1, column: 2)),
        ("a\nx,y,\"b\"c\n", CSVError(.textAfterQuote, row: 2, column: 3)),
    ])
    func `refuses broken quotes with row and column`(_ text: String, _ error: CSVError) {
        #expect(throws: error) { try read(text) }
    }

    @Test func `refuses bytes that are not UTF-8 with row and column`() {
        var reader = CSVReader(Array("a,".utf8) + [0xFF, 0x0A])
        #expect(throws: CSVError(.invalidText, row: 1, column: 2)) { try reader.next() }
    }

    @Test func `goes on behind a bad record`() throws {
        var reader = CSVReader(Array("a\"b,\"c\r\nd,e\n".utf8))
        #expect(throws: CSVError(.strayQuote, row: 1, column: 1)) { try reader.next() }
        #expect(try reader.next() == CSVRecord(row: 2, fields: ["d", "e"]))
        #expect(try reader.next() == nil)
    }

    @Test func `ends after an unterminated quote`() throws {
        var reader = CSVReader(Array("a,\"b\nc,d\n".utf8))
        #expect(throws: CSVError.self) { try reader.next() }
        #expect(try reader.next() == nil)
    }

    private func read(_ text: String) throws -> [CSVRecord] {
        var reader = CSVReader(Array(text.utf8))
        var records: [CSVRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }
}
