import Foundation

/// A mail as RFC 5322 has it: plain text in UTF-8.
struct MailMessage {
    var from: String
    var to: [String]
    var subject: String
    var text: String
    var date: Date
    /// Tells it apart, without angle brackets.
    var id: String

    /// With lines that end in CRLF.
    var bytes: [UInt8] {
        let head = [
            "Date: \(Self.text(of: date))", "From: <\(from)>", "To: \(to.map { "<\($0)>" }.joined(separator: ", "))",
            "Subject: \(Self.encoded(subject))", "Message-ID: <\(id)>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
        ]
        let body = Data(text.utf8).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn])
        return Array((head.joined(separator: "\r\n") + "\r\n" + Self.lines(body) + "\r\n").utf8)
    }

    /// Whether an address can stand in a mail's head and in a command to a server.
    static func isAddress(_ address: String) -> Bool {
        let parts = address.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>()[],;:\\\"".utf8.contains($0) }
    }

    /// Text for a head: encoded words of RFC 2047 where it is not plain, none longer than a line may be.
    private static func encoded(_ text: String) -> String {
        let plain = text.filter { !$0.isNewline }
        if plain.utf8.count < 60, plain.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return plain }
        var words: [String] = []
        var word = ""
        for character in plain {
            if word.utf8.count + character.utf8.count > 39 {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        words.append(word)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func lines(_ text: String) -> String {
        text.split(omittingEmptySubsequences: true) { $0.isNewline }.joined(separator: "\r\n")
    }

    private static func text(of date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: date)
    }
}
