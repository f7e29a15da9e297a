extension IPAddress {
    /// Who can be reached under an address, by the registries of special addresses that the IANA keeps.
    @nonexhaustive
    public enum Reach: String, Hashable, Sendable, CaseIterable {
        case publicInternet = "public"
        case unspecified
        case loopback
        case privateNetwork = "private"
        case linkLocal = "link-local"
        /// Of a provider's network behind its address translation.
        case carrier
        /// Where a cloud tells its machines who they are, under an address that looks public.
        case metadata
        case multicast
        case documentation
        case benchmarking
        /// Of a tunnel that carries IPv4 in IPv6: 6to4, Teredo, ISATAP.
        case tunnel
        case reserved
    }

    /// What an IPv6 address that stands for an IPv4 address reaches is what that one reaches.
    public var reach: Reach {
        let address = embedded ?? self
        if let special = Self.special.first(where: { $0.range.contains(address) }) { return special.reach }
        guard case .v6(let bits) = address else { return .publicInternet }
        // The host's part of an ISATAP address: 0000:5efe or 0200:5efe before an IPv4 address.
        if bits >> 32 & 0xFDFF_FFFF == 0x0000_5EFE { return .tunnel }
        // All that is public begins with the bits 001.
        return bits >> 125 == 1 ? .publicInternet : .reserved
    }

    private static let special: [(range: IPRange, reach: Reach)] =
        [
            ("0.0.0.0/8", .unspecified), ("10.0.0.0/8", .privateNetwork), ("100.64.0.0/10", .carrier),
            ("127.0.0.0/8", .loopback), ("168.63.129.16", .metadata), ("169.254.0.0/16", .linkLocal),
            ("172.16.0.0/12", .privateNetwork), ("192.0.0.0/24", .reserved), ("192.0.2.0/24", .documentation),
            ("192.88.99.0/24", .tunnel), ("192.168.0.0/16", .privateNetwork), ("198.18.0.0/15", .benchmarking),
            ("198.51.100.0/24", .documentation), ("203.0.113.0/24", .documentation), ("224.0.0.0/4", .multicast),
            ("240.0.0.0/4", .reserved),
            ("::", .unspecified), ("::1", .loopback), ("2001::/32", .tunnel), ("2001::/23", .reserved),
            ("2001:db8::/32", .documentation), ("2002::/16", .tunnel), ("3fff::/20", .documentation),
            ("fc00::/7", .privateNetwork), ("fe80::/10", .linkLocal), ("fec0::/10", .privateNetwork),
            ("ff00::/8", .multicast),
        ].map { text, reach in
            guard let range = IPRange(text) else { preconditionFailure("\(text) is no range of addresses") }
            return (range, reach)
        }
}
