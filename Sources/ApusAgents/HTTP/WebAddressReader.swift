/// Reads a URL from left to right; what stands in its way is refused, not guessed.
struct WebAddressReader {
    static let maximumLength = 8_192

    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    mutating func scheme() throws(HTTPError) -> WebAddress.Scheme {
        if rest.count > Self.maximumLength { throw Self.refusal("it is longer than \(Self.maximumLength) bytes") }
        if rest.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) {
            throw Self.refusal("it has spaces, control characters or backslashes, which have to be percent-encoded")
        }
        for scheme in WebAddress.Scheme.allCases {
            let start = Array("\(scheme)://".utf8)
            guard rest.prefix(start.count).map(\.lowercased) == start else { continue }
            rest.removeFirst(start.count)
            return scheme
        }
        throw Self.refusal("it does not begin with http:// or https://")
    }

    mutating func authority(defaultPort: Int) throws(HTTPError) -> (WebAddress.Host, Int) {
        let end = rest.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        rest = rest[end...]
        if authority.contains(UInt8(ascii: "@")) {
            throw Self.refusal("it names a user; credentials belong into headers")
        }
        let (host, port) = try Self.split(authority)
        guard let port else { return (try Self.host(host), defaultPort) }
        guard port.count <= 5, let number = Digits.number(port, radix: 10), (1...65_535).contains(number) else {
            throw Self.refusal("its port is no number from 1 to 65535")
        }
        return (try Self.host(host), number)
    }

    /// The rest up to a fragment, which is not sent. What is not ASCII becomes percent-encoded.
    mutating func target() throws(HTTPError) -> String {
        let path = rest.prefix { $0 != UInt8(ascii: "#") }
        var target = path.first == UInt8(ascii: "/") ? "" : "/"
        for index in path.indices {
            let byte = path[index]
            if byte == UInt8(ascii: "%") {
                let digits = path[(index + 1)...].prefix(2)
                guard digits.count == 2, Digits.number(digits, radix: 16) != nil else {
                    throw Self.refusal("a % in it is not followed by two hexadecimal digits")
                }
            }
            if byte < 0x80, !"\"<>^`{|}".utf8.contains(byte) {
                target.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                target += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return target
    }

    static func refusal(_ reason: String) -> HTTPError { HTTPError(.badRequest, reason: reason) }

    // MARK: Hosts

    private static func split(_ authority: ArraySlice<UInt8>) throws(HTTPError) -> (
        host: ArraySlice<UInt8>, port: ArraySlice<UInt8>?
    ) {
        var end = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        if authority.first == UInt8(ascii: "[") {
            guard let bracket = authority.firstIndex(of: UInt8(ascii: "]")) else {
                throw refusal("a bracket in it is not closed")
            }
            end = bracket + 1
        }
        if end == authority.endIndex { return (authority, nil) }
        guard authority[end] == UInt8(ascii: ":") else { throw refusal("something follows its host that is no port") }
        return (authority[..<end], authority[(end + 1)...])
    }

    /// A host as a URL has it: a name, an IPv4 address in any spelling, or an IPv6 address in brackets.
    static func host(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> WebAddress.Host {
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") {
            let inner = bytes.dropFirst().dropLast()
            guard case .v6(let bits)? = IPAddress(String(decoding: inner, as: UTF8.self)) else {
                throw refusal("what stands in its brackets is no IPv6 address (a zone has no place there)")
            }
            return .address(.v6(bits))
        }
        var name = bytes.map(\.lowercased)[...]
        if name.last == UInt8(ascii: ".") { name.removeLast() }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let last = labels.last, name.count <= 253, labels.allSatisfy(isLabel) else {
            throw refusal("its host is no name of letters, digits and hyphens (other letters stand in punycode)")
        }
        guard NumericHost.isNumber(last) else { return .name(String(decoding: name, as: UTF8.self)) }
        guard let address = NumericHost.address(labels) else {
            throw refusal("its host ends in a number and is no address")
        }
        return .address(address)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
            && label.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == hyphen || $0 == UInt8(ascii: "_") }
    }
}

/// IPv4 addresses as old resolvers read them: one to four numbers, decimal, octal or hexadecimal, the last of which fills the rest.
enum NumericHost {
    /// Whether it is written as one, of whatever size.
    static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
        label.allSatisfy(\.isDigit)
            || label.starts(with: "0x".utf8) && label.dropFirst(2).allSatisfy { Digits.number([$0], radix: 16) != nil }
    }

    static func address(_ labels: [ArraySlice<UInt8>]) -> IPAddress? {
        guard labels.count <= 4, let last = labels.last.flatMap(number) else { return nil }
        var bits = 0
        for label in labels.dropLast() {
            guard let part = number(label), part < 256 else { return nil }
            bits = bits << 8 | part
        }
        let width = 8 * (5 - labels.count)
        return last < 1 << width ? .v4(UInt32(bits << width | last)) : nil
    }

    private static func number(_ label: ArraySlice<UInt8>) -> Int? {
        guard label.first == UInt8(ascii: "0"), label.count > 1 else { return Digits.number(label, radix: 10) }
        let isHexadecimal = label.dropFirst().first == UInt8(ascii: "x")
        // "0x" alone is 0.
        if isHexadecimal { return label.count == 2 ? 0 : Digits.number(label.dropFirst(2), radix: 16) }
        return Digits.number(label.dropFirst(), radix: 8)
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    var lowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self + 32 : self }
}
