public import Foundation

/// An `http` or `https` URL, read once and strictly, so that who checks it and who follows it can't disagree on where it leads.
///
/// It has no user, no fragment and no spelling of its own: a name is in lower case and without a dot at its end, and a host that
/// any reader would take for a number is the address it stands for.
public struct WebAddress: Hashable, Sendable {
    public enum Scheme: String, Hashable, Sendable, CaseIterable { case http, https }

    public enum Host: Hashable, Sendable {
        /// Labels of ASCII; other letters stand in punycode.
        case name(String)
        case address(IPAddress)
    }

    public let scheme: Scheme
    public let host: Host
    public let port: Int
    /// The path and the query, percent-encoded; it begins with `/`.
    public let target: String

    /// - Throws: ``HTTPError`` with the code `badRequest` and, as its reason, what is wrong.
    public init(_ text: String) throws(HTTPError) {
        var reader = WebAddressReader(text)
        scheme = try reader.scheme()
        (host, port) = try reader.authority(defaultPort: scheme.defaultPort)
        target = try reader.target()
    }

    init(_ scheme: Scheme, _ host: Host, _ port: Int, target: String) {
        (self.scheme, self.host, self.port, self.target) = (scheme, host, port, target)
    }

    public var url: URL {
        guard let url = URL(string: text) else { preconditionFailure("a checked address is a URL: \(text)") }
        return url
    }

    /// The one spelling of this address.
    public var text: String {
        "\(scheme)://\(hostText)" + (port == scheme.defaultPort ? "" : ":\(port)") + target
    }

    /// The host as it stands in a URL.
    public var hostText: String {
        switch host {
        case .name(let name): name
        case .address(.v4(let bits)): "\(IPAddress.v4(bits))"
        case .address(.v6(let bits)): "[\(IPAddress.v6(bits))]"
        }
    }

    /// Whether scheme, host and port are the same: who may see one's credentials may see the other's.
    public func hasSameOrigin(as other: WebAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }
}

extension WebAddress: CustomStringConvertible, CustomReflectable {
    /// Without the target, which may hold secrets.
    public var description: String { "\(scheme)://\(hostText):\(port)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension WebAddress.Scheme {
    public var defaultPort: Int { self == .http ? 80 : 443 }
}
