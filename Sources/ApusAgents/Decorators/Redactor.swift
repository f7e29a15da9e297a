/// Finds what is nobody else's business in texts, and puts a mark in its place: `[EMAIL-1]`.
public struct Redactor: Sendable {
    /// One kind of thing that is replaced.
    public struct Rule: Sendable {
        /// Of the mark, in capitals.
        public let name: String
        let find: @Sendable (_ text: String) -> [Range<String.Index>]

        /// What `find` finds in a text. Where ranges overlap the first one counts.
        public init(_ name: String, _ find: @escaping @Sendable (_ text: String) -> [Range<String.Index>]) {
            self.name = name
            self.find = find
        }
    }

    public let rules: [Rule]

    /// Earlier rules come before later ones where both find something.
    public init(_ rules: [Rule]) { self.rules = rules }

    /// E-mail addresses, numbers of payment cards with a right check digit, IBANs with right check digits, and keys of the usual kinds.
    public static let common = Redactor([.key, .email, .iban, .card])
}

/// What was replaced by which marks, the same for the same thing throughout.
struct Redaction {
    private let redactor: Redactor
    private var marks: [String: String] = [:]
    private var originals: [String: String] = [:]
    private var counts: [String: Int] = [:]

    init(_ redactor: Redactor) { self.redactor = redactor }

    mutating func redacted(_ text: String) -> String {
        var text = text
        for rule in redactor.rules {
            let found = rule.find(text)
            if found.isEmpty { continue }
            var result = ""
            var end = text.startIndex
            for range in found.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.lowerBound >= end {
                result += text[end..<range.lowerBound]
                result += mark(for: String(text[range]), rule.name)
                end = range.upperBound
            }
            text = result + text[end...]
        }
        return text
    }

    /// A text with all marks replaced by what they stand for.
    func restored(_ text: String) -> String {
        guard !originals.isEmpty, text.contains("[") else { return text }
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "[") {
            result += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "]") else { break }
            let mark = String(rest[...close])
            result += originals[mark] ?? mark
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    private mutating func mark(for original: String, _ name: String) -> String {
        if let mark = marks[original] { return mark }
        counts[name, default: 0] += 1
        let mark = "[\(name)-\(counts[name] ?? 0)]"
        marks[original] = mark
        originals[mark] = original
        return mark
    }
}
