/// An address of the internet protocol, as a socket has it.
public enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// An address in its one usual spelling: four decimal numbers, or IPv6 as RFC 4291 writes it, without brackets or a zone.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if let address = Self.v4(dotted: bytes[...]) {
            self = .v4(address)
        } else if let address = Self.v6(bytes) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// The IPv4 address that this IPv6 address stands for: mapped (`::ffff:0:0/96`) or translated by NAT64 (`64:ff9b::/96`).
    var embedded: IPAddress? {
        guard case .v6(let bits) = self else { return nil }
        let head = bits >> 32
        return head == 0xFFFF || head == 0x0064_FF9B << 64 ? .v4(UInt32(truncatingIfNeeded: bits)) : nil
    }

    // MARK: Reading

    private static func v4(dotted bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
                let number = Digits.number(part, radix: 10), number < 256
            else { return nil }
            address = address << 8 | UInt32(number)
        }
        return address
    }

    private static func v6(_ bytes: [UInt8]) -> UInt128? {
        let text = bytes[...]
        guard let gap = text.firstRange(of: [UInt8(ascii: ":"), UInt8(ascii: ":")]) else {
            guard let groups = groups(text), groups.count == 8 else { return nil }
            return join(groups)
        }
        // A second gap leaves an empty group, which is refused.
        guard let head = groups(text[..<gap.lowerBound], mayEndDotted: false),
            let tail = groups(text[gap.upperBound...]),
            head.count + tail.count < 8
        else { return nil }
        return join(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    /// Groups of four hexadecimal digits with `:` between them; the last two may be an IPv4 address.
    private static func groups(_ bytes: ArraySlice<UInt8>, mayEndDotted: Bool = true) -> [UInt16]? {
        if bytes.isEmpty { return [] }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if part.contains(UInt8(ascii: ".")) {
                guard mayEndDotted, index == parts.count - 1, let last = v4(dotted: part) else { return nil }
                groups += [UInt16(last >> 16), UInt16(truncatingIfNeeded: last)]
            } else {
                guard (1...4).contains(part.count), let group = Digits.number(part, radix: 16) else { return nil }
                groups.append(UInt16(group))
            }
        }
        return groups
    }

    private static func join(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }
}

extension IPAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .v4(let bits): return [24, 16, 8, 0].map { "\(bits >> $0 & 255)" }.joined(separator: ".")
        case .v6(let bits):
            let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> UInt128($0)) }
            let texts = groups.map { String($0, radix: 16) }
            guard let gap = Self.longestZeros(groups) else { return texts.joined(separator: ":") }
            return texts[..<gap.lowerBound].joined(separator: ":") + "::"
                + texts[gap.upperBound...].joined(separator: ":")
        }
    }

    /// The first of the longest runs of two zeros or more, which RFC 5952 leaves out.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > max(1, longest?.count ?? 0) { longest = start..<index }
            start = index + 1
        }
        return longest
    }
}

/// Numbers written in digits.
enum Digits {
    /// The value of digits alone, without a sign; `nil` if there are none, others, or more than fit.
    static func number(_ digits: ArraySlice<UInt8>, radix: Int) -> Int? {
        if digits.isEmpty { return nil }
        var value = 0
        for byte in digits {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix, value < 1 << 40 else {
                return nil
            }
            value = value * radix + digit
        }
        return value
    }
}
