/// Takes secrets out of text that people, models and errors wrote.
///
/// Literal secrets are replaced wherever they stand, words that look like a key by their beginning, and the value behind a name
/// such as `password=`. It takes time proportional to the text and the number of rules.
public struct Redaction: Sendable, Hashable {
    /// Stands in place of what was taken out.
    public static let mark = "[redacted]"

    /// These themselves, wherever they stand; shorter ones than four bytes are left.
    public var secrets: [String]
    /// A word that begins so and goes on for at least eight letters or digits.
    public var prefixes: [String]
    /// What follows one of these and `=` or `:` up to the next space, comma, quote or bracket; in any case of letters.
    public var names: [String]

    public init(secrets: [String] = [], prefixes: [String] = [], names: [String] = []) {
        self.secrets = secrets
        self.prefixes = prefixes
        self.names = names
    }

    /// What common vendors' keys look like, and common names of secrets.
    public static let standard = Redaction(
        prefixes: [
            "sk-", "sk_live_", "sk_test_", "rk_live_", "ghp_", "gho_", "ghs_", "github_pat_", "xoxb-", "xoxp-", "AKIA",
            "ASIA", "AIza", "glpat-", "eyJ", "Bearer ", "Basic ",
        ],
        names: ["password", "passwd", "secret", "token", "api_key", "apikey", "api-key", "authorization"])

    public static let none = Redaction()

    public func callAsFunction(_ text: String) -> String {
        guard !(secrets.isEmpty && prefixes.isEmpty && names.isEmpty) else { return text }
        var bytes = Array(text.utf8)
        var isChanged = false
        for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) where secret.utf8.count >= 4 {
            isChanged = replace(Array(secret.utf8), in: &bytes) || isChanged
        }
        for prefix in prefixes { isChanged = cutWords(Array(prefix.utf8), in: &bytes) || isChanged }
        for name in names { isChanged = cutValues(Array(name.lowercased().utf8), in: &bytes) || isChanged }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : text
    }

    private func replace(_ secret: [UInt8], in bytes: inout [UInt8]) -> Bool {
        var isChanged = false
        var from = 0
        while let place = bytes.place(of: secret, from: from) {
            bytes.replaceSubrange(place..<place + secret.count, with: Self.mark.utf8)
            from = place + Self.mark.utf8.count
            isChanged = true
        }
        return isChanged
    }

    private func cutWords(_ prefix: [UInt8], in bytes: inout [UInt8]) -> Bool {
        var isChanged = false
        var from = 0
        while let place = bytes.place(of: prefix, from: from) {
            let start = place + prefix.count
            var end = start
            while end < bytes.count, bytes[end].isKeyByte { end += 1 }
            let isWord = place == 0 || !bytes[place - 1].isLetterOrDigit
            if isWord, end - start >= 8 {
                bytes.replaceSubrange(start..<end, with: Self.mark.utf8)
                end = start + Self.mark.utf8.count
                isChanged = true
            }
            from = max(end, place + 1)
        }
        return isChanged
    }

    private func cutValues(_ name: [UInt8], in bytes: inout [UInt8]) -> Bool {
        let lower = bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
        var places: [Int] = []
        var from = 0
        while let place = lower.place(of: name, from: from) {
            places.append(place + name.count)
            from = place + name.count
        }
        var isChanged = false
        for place in places.reversed() {
            var start = place
            while start < bytes.count, [0x20, 0x22, 0x27].contains(bytes[start]) { start += 1 }
            guard start < bytes.count, bytes[start] == 0x3A || bytes[start] == 0x3D else { continue }
            start += 1
            while start < bytes.count, [0x20, 0x22, 0x27].contains(bytes[start]) { start += 1 }
            var end = start
            while end < bytes.count, !" \t\r\n,;\"'}])&".utf8.contains(bytes[end]) { end += 1 }
            guard end > start, !bytes[start..<end].starts(with: "[redacted".utf8) else { continue }
            bytes.replaceSubrange(start..<end, with: Self.mark.utf8)
            isChanged = true
        }
        return isChanged
    }
}

extension [UInt8] {
    fileprivate func place(of part: [UInt8], from: Int) -> Int? {
        guard let first = part.first, count - from >= part.count else { return nil }
        var place = from
        while place <= count - part.count {
            if self[place] == first, self[place..<place + part.count].elementsEqual(part) { return place }
            place += 1
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self)
    }

    /// What keys are made of.
    fileprivate var isKeyByte: Bool { isLetterOrDigit || "-_.+/=~".utf8.contains(self) }
}
