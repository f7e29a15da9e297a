import Apus
import Foundation
import Testing

@Suite struct JournalFormatTests {
    private func page() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "Documentation/JournalFormat.md"), encoding: .utf8)
    }

    @Test(arguments: JournalRecord.Tag.allCases)
    func `every tag stands on the page of the format`(_ tag: JournalRecord.Tag) throws {
        #expect(try page().contains("\n| `\(tag.rawValue)` |"))
    }

    @Test func `every status and every column stands on the page of the format`() throws {
        let page = try page()
        for status in RunHead.Status.allCases { #expect(page.contains("`\(status.rawValue)`")) }
        for column in ["t", "a", "n", "i", "c", "v", "s", "e", "u"] { #expect(page.contains("\n| `\(column)` |")) }
    }

    @Test func `a record with every column is read back as it was written`() throws {
        let record = JournalRecord(
            .done, "a/b#1[2]", name: "n", number: -1, choices: [0, 2], value: Array(#"{"x":[1,"é"]}"#.utf8),
            sent: Array("[[0,1]]".utf8), note: "a \"note\"\n", time: WallTime(milliseconds: 7))
        let (bytes, link) = JournalFrame.encode(
            [record, JournalRecord(.cancelled)], run: RunID("r"), sequence: 3, at: WallTime(milliseconds: 9),
            after: .start)
        let frame = try JournalFrame(bytes, run: RunID("r"), sequence: 3, after: .start)
        #expect(frame.records == [record, JournalRecord(.cancelled)])
        #expect(frame.link == link)
        #expect(frame.time == WallTime(milliseconds: 9))
        let keys = #"{"u":9,"r":[{"t":"done","a":"a/b#1[2]","n":"n","i":-1,"c":[0,2],"v":{"x":[1,"é"]},"s":[[0,1]],"#
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(keys))
    }

    @Test func `a tag or a column of a later version is refused as such`() throws {
        for json in [#"[{"t":"unheard"}]"#, #"[{"t":"done","z":1}]"#, #"[{"a":"x"}]"#] {
            var body = Array("{\"u\":1,\"r\":\(json)".utf8)
            let link = JournalLink.start.next(RunID("r"), 0, body[...])
            body += Array(",\"h\":\"\(link.text)\"}".utf8)
            #expect(throws: JournalError(.unreadable, run: RunID("r"))) {
                try JournalFrame(body, run: RunID("r"), sequence: 0, after: .start)
            }
        }
    }
}
