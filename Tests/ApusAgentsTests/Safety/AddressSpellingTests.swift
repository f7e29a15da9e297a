import ApusAgents
import Foundation
import Testing

/// An address leads where it leads, however it is spelled (S6).
@Suite struct AddressSpellingTests {
    struct Spelling: Sendable {
        var kind: String
        var url: String
    }

    private static let spellings: [Spelling] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Payloads/addresses.txt")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let kind = line.prefix { $0 != " " }
            let url = String(line.dropFirst(kind.count + 1))
            return Spelling(kind: String(kind), url: kind == "control" ? unescaped(url) : url)
        }
    }()

    private static func unescaped(_ text: String) -> String {
        let escapes = [
            (#"\t"#, "\t"), (#"\n"#, "\n"), (#"\r"#, "\r"), (#"\0"#, "\0"), (#"\x7f"#, "\u{7F}"), (#"\x01"#, "\u{1}"),
            (#"\x1f"#, "\u{1F}"),
        ]
        return escapes.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }

    /// What the default policy says to a URL, in the words of the payloads.
    private static func verdict(_ url: String) -> String {
        do throws(HTTPError) {
            let address = try WebAddress(url)
            try NetworkPolicy.publicInternet.check(address)
            if case .name = address.host { return "name" }
            return "public"
        } catch {
            if error.code == .badRequest { return "malformed" }
            return IPAddress.Reach.allCases.first { "\(error)".contains("\"\($0.rawValue)\"") }?.rawValue ?? "\(error)"
        }
    }

    @Test func `every spelling of an address is taken for that address, and refused unless it is public`() {
        #expect(Self.spellings.count > 900)
        for spelling in Self.spellings {
            var expected = spelling.kind == "control" ? "malformed" : spelling.kind
            // Another port than the usual ones is refused, whoever listens there.
            if spelling.url.contains(":8080") { expected = Self.verdict("http://example.org:8080/") }
            #expect(Self.verdict(spelling.url) == expected, "\(spelling.url)")
        }
    }

    @Test func `what was read once reads the same again`() throws {
        for spelling in Self.spellings {
            guard let address = try? WebAddress(spelling.url) else { continue }
            #expect(try WebAddress(address.text) == address, "\(spelling.url)")
            #expect(try WebAddress(address.url.absoluteString) == address, "\(spelling.url)")
        }
    }

    @Test func `a socket's address is judged as such, and an operator may allow a range`() throws {
        let policy = try NetworkPolicy(ports: [80, 8_000], networks: ["10.1.0.0/16", "fd00:1::/32", "127.0.0.1"])
        for (text, port, isAllowed) in [
            ("10.1.2.3", 80, true), ("10.2.2.3", 80, false), ("::ffff:10.1.2.3", 8_000, true), ("127.0.0.1", 80, true),
            ("::ffff:10.2.2.3", 80, false), ("fd00:1::9", 80, true), ("fd00:2::9", 80, false), ("127.0.0.2", 80, false),
            ("64:ff9b::a01:203", 80, true), ("8.8.8.8", 443, false), ("8.8.8.8", 80, true), ("::1", 80, false),
        ] {
            let address = try #require(IPAddress(text))
            if isAllowed {
                try policy.check(address, port: port)
            } else {
                #expect(throws: HTTPError.self, "\(text)") { try policy.check(address, port: port) }
            }
        }
    }

    @Test func `addresses and ranges are written as they are read, and nothing else is read`() throws {
        for (text, written) in [
            ("1.2.3.4", "1.2.3.4"), ("::", "::"), ("1::", "1::"), ("0:0:1:0:0:0:1:0", "0:0:1::1:0"), ("::1", "::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
            ("::FFFF:1.2.3.4", "::ffff:102:304"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ] {
            #expect(IPAddress(text)?.description == written)
        }
        for text in [
            "", "1.2.3", "01.2.3.4", "1.2.3.4.", "0x7f.0.0.1", "1.2.3.256", ":", "1:", "::1%eth0", "[::1]", "1::2::3",
        ] {
            #expect(IPAddress(text) == nil, "\(text)")
        }
        for text in [
            "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/-1", "::/129", "a/8", "1.2.3.4/8/8", "10.0.0.0/ 8",
        ] {
            #expect(IPRange(text) == nil, "\(text)")
            #expect(throws: HTTPError.self) { try NetworkPolicy(networks: [text]) }
        }
        let all = try #require(IPRange("0.0.0.0/0"))
        #expect(all.contains(.v4(.max)) && !all.contains(.v6(0)))
    }
}
