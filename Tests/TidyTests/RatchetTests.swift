import Testing

@Suite struct RatchetTests {
    private let path = "Sources/Apus/Graph/Long.swift"

    private func file(lines: Int) -> [SourceFile] {
        [SourceFile(path, String(repeating: "// a line\n", count: lines))]
    }

    private func function(lines: Int) -> [SourceFile] {
        [SourceFile(path, "func long() {\n" + String(repeating: "// a line\n", count: lines - 2) + "}\n")]
    }

    @Test func `an entry allows exactly what it names`() {
        #expect(Rule.fileLength(allowing: [path: 320]).violations(file(lines: 320)) == [])
        #expect(Rule.functionLength(allowing: ["\(path) long": 50]).violations(function(lines: 50)) == [])
    }

    @Test func `what is listed may not grow`() {
        #expect(Rule.fileLength(allowing: [path: 320]).violations(file(lines: 321)).count == 1)
        #expect(Rule.functionLength(allowing: ["\(path) long": 50]).violations(function(lines: 51)).count == 1)
    }

    @Test(arguments: [319, 300, 10])
    func `an entry has to follow what got shorter`(_ lines: Int) {
        #expect(Rule.fileLength(allowing: [path: 320]).violations(file(lines: lines)).count == 1)
    }

    @Test func `no entry allows a function of more than 70 lines`() {
        #expect(Rule.functionLength(allowing: ["\(path) long": 71]).violations(function(lines: 71)).count == 1)
    }

    @Test func `an entry for a file that is gone has to go`() {
        let files = file(lines: 1) + [SourceFile("Sources/Apus/Graph/Other.swift", "")]
        #expect(Rule.fileLength(allowing: ["Sources/Apus/Graph/Gone.swift": 320]).violations(files).count == 1)
    }
}
