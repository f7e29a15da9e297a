import Apus
import Testing

@Suite struct RedactionTests {
    @Test(arguments: [
        ("key sk-abcdefgh12345678 used", "key sk-[redacted] used"), ("task-abcdefghijkl", "task-abcdefghijkl"),
        ("sk-short", "sk-short"), ("Authorization: Bearer abcdefghijk", "Authorization: [redacted] [redacted]"),
        ("password=hunter2&x=1", "password=[redacted]&x=1"),
        ("{\"api_key\": \"abc\"}", "{\"api_key\": \"[redacted]\"}"),
        ("PASSWORD : geheim, ja", "PASSWORD : [redacted], ja"), ("the password is long", "the password is long"),
        ("token=", "token="), ("", ""), ("nothing here", "nothing here"),
    ])
    func `secrets are taken out and nothing else`(text: String, expected: String) {
        #expect(Redaction.standard(text) == expected)
    }

    @Test func `literal secrets are taken out wherever they stand, the longest first`() {
        let redaction = Redaction(secrets: ["abcd", "abcdef", "xy"])
        #expect(redaction("1abcdef2 abcd3 xy") == "1[redacted]2 [redacted]3 xy")
        #expect(Redaction.none("abcd") == "abcd")
    }
}
