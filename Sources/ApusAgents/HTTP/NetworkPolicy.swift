/// Where requests may go: which hosts, ports and schemes, and which addresses their names may turn out to be.
///
/// A request with a policy is held to it twice: by its URL before anything is sent, and by the address of the socket when it
/// connects, so that no name, however it is spelled or whatever it resolves to, leads where it must not. It goes through no proxy.
public struct NetworkPolicy: Hashable, Sendable {
    /// `nil` is any host.
    public let hosts: [HostPattern]?
    /// `nil` is any port.
    public let ports: Set<Int>?
    public let schemes: Set<WebAddress.Scheme>
    /// Addresses that may be reached although they are not of the public internet.
    public let networks: [IPRange]

    /// - Parameters:
    ///   - hosts: Names such as `example.org`, names below one as `*.example.org`, and addresses; `nil` is any.
    ///   - networks: Ranges such as `10.1.0.0/16` beyond the public internet.
    /// - Throws: ``HTTPError`` with the code `badRequest` for a host or a range that is none.
    public init(
        hosts: [String]? = nil, ports: Set<Int>? = [80, 443], schemes: Set<WebAddress.Scheme> = [.http, .https],
        networks: [String] = []
    ) throws(HTTPError) {
        self.hosts = try hosts.map { hosts throws(HTTPError) in
            try hosts.map { host throws(HTTPError) in try HostPattern(host) }
        }
        self.networks = try networks.map { text throws(HTTPError) in
            guard let range = IPRange(text) else {
                throw HTTPError(.badRequest, reason: "\"\(text)\" is no range of addresses")
            }
            return range
        }
        (self.ports, self.schemes) = (ports, schemes)
    }

    private init() { (hosts, ports, schemes, networks) = (nil, [80, 443], [.http, .https], []) }

    /// Every host of the public internet, on the usual ports.
    public static let publicInternet = Self()

    /// Judges what a URL says, before anything is sent.
    /// - Throws: ``HTTPError`` with the code `refused`.
    public func check(_ address: WebAddress) throws(HTTPError) {
        guard schemes.contains(address.scheme) else { throw refusal("\(address.scheme) is not allowed", address) }
        if let hosts, !hosts.contains(where: { $0.matches(address.host) }) {
            throw refusal("this host is not among those that are allowed", address)
        }
        if case .address(let ip) = address.host { try check(ip, port: address.port) }
        guard allows(port: address.port) else { throw refusal("port \(address.port) is not allowed", address) }
    }

    /// Judges where a socket is about to connect.
    /// - Throws: ``HTTPError`` with the code `refused`.
    public func check(_ address: IPAddress, port: Int) throws(HTTPError) {
        guard allows(port: port) else { throw refusal("port \(port) is not allowed") }
        let meant = address.embedded ?? address
        let reach = meant.reach
        guard reach == .publicInternet || networks.contains(where: { $0.contains(meant) || $0.contains(address) })
        else {
            throw refusal("it leads to an address of the kind \"\(reach.rawValue)\"")
        }
    }

    private func allows(port: Int) -> Bool { ports?.contains(port) ?? true }

    private func refusal(_ reason: String, _ address: WebAddress? = nil) -> HTTPError {
        HTTPError(.refused, host: address?.hostText ?? "", reason: reason)
    }
}

/// One name or address, or all names below one.
public struct HostPattern: Hashable, Sendable, CustomStringConvertible {
    private let host: WebAddress.Host
    private let isParent: Bool

    /// - Throws: ``HTTPError`` with the code `badRequest` for what is no host.
    public init(_ text: String) throws(HTTPError) {
        isParent = text.hasPrefix("*.")
        var text = isParent ? String(text.dropFirst(2)) : text
        if case .v6? = IPAddress(text) { text = "[\(text)]" }
        host = try WebAddressReader.host(Array(text.utf8)[...])
        if isParent, case .address = host { throw HTTPError(.badRequest, reason: "nothing is below an address") }
    }

    /// Whether it is this host; of a pattern with `*`, whether whole labels stand before the name.
    public func matches(_ other: WebAddress.Host) -> Bool {
        guard isParent else { return host == other }
        guard case .name(let parent) = host, case .name(let name) = other else { return false }
        return name.utf8.count > parent.utf8.count + 1 && name.hasSuffix(".\(parent)")
    }

    public var description: String { (isParent ? "*." : "") + WebAddress(.https, host, 443, target: "").hostText }
}
