/// Addresses that share their first bits, such as `10.0.0.0/8`.
public struct IPRange: Hashable, Sendable {
    public let first: IPAddress
    public let prefix: Int

    /// A range as it is usually written; an address alone is a range of one. `nil` if it is none, or has bits set beyond its prefix.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = IPAddress(parts[0]) else { return nil }
        let width = first.width
        let prefix = parts.count == 1 ? width : Digits.number(Array(parts[1].utf8)[...], radix: 10)
        guard let prefix, prefix <= width, first.bits & Self.rest(width - prefix) == 0 else { return nil }
        (self.first, self.prefix) = (first, prefix)
    }

    /// Whether an address of the same version starts with the same bits.
    public func contains(_ address: IPAddress) -> Bool {
        guard address.width == first.width else { return false }
        return (address.bits ^ first.bits) & ~Self.rest(first.width - prefix) == 0
    }

    private static func rest(_ count: Int) -> UInt128 { count == 128 ? .max : (1 << UInt128(count)) - 1 }
}

extension IPRange: CustomStringConvertible {
    public var description: String { "\(first)/\(prefix)" }
}

extension IPAddress {
    fileprivate var width: Int { if case .v4 = self { 32 } else { 128 } }

    fileprivate var bits: UInt128 {
        switch self {
        case .v4(let bits): UInt128(bits)
        case .v6(let bits): bits
        }
    }
}
