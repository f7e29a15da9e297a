extension Redactor.Rule {
    /// An exact text, such as a name or a secret that is known.
    public static func text(_ secret: String, named name: String = "SECRET") -> Self {
        Self(name) { text in secret.isEmpty ? [] : text.ranges(of: secret) }
    }

    /// What a regular expression matches.
    public static func pattern(_ pattern: String, named name: String) throws -> Self {
        _ = try Regex(pattern)
        return Self(name) { text in (try? Regex(pattern)).map { expression in text.ranges(of: expression) } ?? [] }
    }

    /// Addresses of e-mail.
    public static let email = Self("EMAIL") { text in
        text.ranges(of: /[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}/)
    }

    /// Numbers of payment cards: 13 to 19 digits, in groups or not, whose check digit is right (ISO/IEC 7812).
    public static let card = Self("CARD") { text in
        text.ranges(of: /\d(?:[ \-]?\d){12,18}/).filter { isLuhn(text[$0]) }
    }

    /// International bank account numbers whose check digits are right (ISO 13616).
    public static let iban = Self("IBAN") { text in
        text.ranges(of: /[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}/).filter { isIBAN(text[$0]) }
    }

    /// Keys that carry their kind at their beginning: of OpenAI, Anthropic, Google, GitHub, AWS, Slack, Stripe, and bearer tokens.
    public static let key = Self("KEY") { text in
        text.ranges(
            of:
                /(?:sk-[A-Za-z0-9_\-]{16,}|AIza[A-Za-z0-9_\-]{30,}|gh[pousr]_[A-Za-z0-9]{20,}|AKIA[A-Z0-9]{16}|xox[abprs]-[A-Za-z0-9\-]{10,}|[rs]k_live_[A-Za-z0-9]{16,}|eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,})/
        )
    }

    private static func isLuhn(_ text: Substring) -> Bool {
        var sum = 0
        for (place, digit) in text.compactMap(\.wholeNumberValue).reversed().enumerated() {
            let value = place % 2 == 0 ? digit : digit * 2
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }

    private static func isIBAN(_ text: Substring) -> Bool {
        let signs = text.filter { $0 != " " }
        guard (15...34).contains(signs.count) else { return false }
        var rest = 0
        for sign in signs.dropFirst(4) + signs.prefix(4) {
            guard let value = Int(String(sign), radix: 36) else { return false }
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97
        }
        return rest == 1
    }
}
