import Apus
import Foundation
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "", "[1,]", "{\"a\":1,}", "[,1]", "[1 2]", "1 2", "01", "-01", "1.", ".5", "-", "1e", "1e400", "nul", "True",
        "\"\\q\"", "\"\\u12g4\"", "\"\\", "\"abc", "{\"a\" 1}", "{1:2}", "[}", "{]", "\u{FEFF}1", "\"\t\"", "{\"a\":1",
        "[",
        "'a'", "[1]]", "NaN", "// a\n1", "+1", "\u{0C}1",
    ])
    func `text that RFC 8259 does not allow is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test func `an error names the byte`() {
        #expect(throws: JSONError(.malformed, offset: 6, expected: "")) { try JSON(parsing: "{\"a\": }") }
        #expect(throws: JSONError(.notUnicode, offset: 1, expected: "")) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func `members keep the order in which they were written, and the last of equal keys wins`() throws {
        let value = try JSON(parsing: #" {"z": 1, "a": [true, null], "z": {"b": "\u00e9"}} "#)
        #expect(value.description == #"{"z":{"b":"é"},"a":[true,null]}"#)
    }

    @Test func `numbers are equal if they mean the same`() throws {
        #expect(try JSON(parsing: "1") == JSON(parsing: "1.0"))
        #expect(try JSON(parsing: "1").hashValue == JSON(parsing: "1.0").hashValue)
        #expect(try JSON(parsing: "9223372036854775807") != JSON(parsing: "9223372036854775808"))
        #expect(try JSON(parsing: "9223372036854775808") == .number(9_223_372_036_854_775_808))
        #expect(JSON(0) != false && JSON(1) != true && JSON.null != false)
    }

    @Test func `objects are equal whatever the order of their members`() throws {
        let (left, right): (JSON, JSON) = (["a": 1, "b": [2]], ["b": [2.0], "a": 1.0])
        #expect(left == right && left.hashValue == right.hashValue)
        #expect(left != ["a": 1] && left != ["a": 1, "c": [2]])
    }

    @Test func `strings are compared by their scalars`() throws {
        let value: JSON = ["\u{E9}": 1, "e\u{301}": 2]
        #expect(value.members?.count == 2 && JSON("\u{E9}") != "e\u{301}")
        #expect(try JSON(parsing: value.bytes) == value)
    }

    @Test func `half a surrogate pair becomes the replacement character`() throws {
        #expect(try JSON(parsing: #""a\ud800b\udc00\ud83d\u0041\ud83d""#).text == "a\u{FFFD}b\u{FFFD}\u{FFFD}A\u{FFFD}")
        #expect(try JSON(parsing: #""\ud83d\ude00""#).text == "😀")
    }

    @Test(arguments: ["[", "{\"a\":"])
    func `text nested too deep is an error`(_ opening: String) throws {
        #expect(throws: JSONError(.tooDeep, offset: 512 * opening.utf8.count, expected: "")) {
            try JSON(parsing: String(repeating: opening, count: 100_000))
        }
        _ = try JSON(parsing: String(repeating: "[", count: 512) + String(repeating: "]", count: 512))
    }

    @Test func `a value is read and changed in place by keys`() {
        var value: JSON = ["a": ["b": [1, 2.5, "c", true, nil]]]
        #expect(value["a"]?["b"]?[1]?.double == 2.5 && value["a"]?["b"]?[0]?.integerValue == 1)
        #expect(value["a"]?["b"]?[3]?.flag == true && value["a"]?["b"]?[4]?.isNull == true)
        #expect(value["a"]?["b"]?[5] == nil && value["x"] == nil && value[0] == nil)
        value["a"]?["b"] = nil
        value["d"] = 7
        #expect(value == ["a": [:], "d": 7])
    }

    @Test func `large objects are as small ones`() {
        var object = JSON.Object((0..<1_000).map { ("key\($0)", JSON.integer($0)) })
        object["key500"] = nil
        object["key501"] = "changed"
        object["new"] = nil
        #expect(object.count == 999 && object["key500"] == nil && object["key501"] == "changed")
        #expect(object["key999"] == 999 && object.first?.key == "key0")
    }
}
