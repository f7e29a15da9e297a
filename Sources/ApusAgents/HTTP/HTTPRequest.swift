public import Foundation

/// What a transport sends.
public struct HTTPRequest: Hashable, Sendable {
    public var method: String
    public var url: URL
    public var headers: HTTPHeaders
    public var body: [UInt8]
    public var limits: HTTPLimits
    /// Where it may go; `nil` is anywhere, for addresses that no model and no stranger wrote.
    public var policy: NetworkPolicy?
    /// Whether a connection that is open already may carry it. A server may close one at any time: what was sent over it just then
    /// is sent again over a new one. What must not arrive twice takes a connection of its own.
    public var sharesConnections = true

    public init(
        _ method: String = "POST", _ url: URL, headers: HTTPHeaders = [:], body: [UInt8] = [],
        limits: HTTPLimits = HTTPLimits(), policy: NetworkPolicy? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
        self.policy = policy
    }

    /// What every transport checks before it sends anything: that the URL is one and the policy allows it, and that neither the
    /// method nor a header ends the line it stands in or says where the request ends.
    /// - Returns: Where to send it.
    /// - Throws: ``HTTPError`` with the code `badRequest` or `refused`.
    public func checked() throws(HTTPError) -> WebAddress {
        let address = try WebAddress(url.absoluteString)
        try policy?.check(address)
        guard method.utf8.allSatisfy(\.isTokenByte), !method.isEmpty else {
            throw HTTPError(.badRequest, host: address.hostText, reason: "its method is no word")
        }
        if let wrong = headers.all.first(where: { !HTTPHeaders.isSendable($0.name, $0.value) }) {
            let name = wrong.name.filter { $0.isLetter || $0 == "-" }
            throw HTTPError(.badRequest, host: address.hostText, reason: "the header \"\(name)\" can't be sent")
        }
        return address
    }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    /// The method and the host: the rest may hold secrets.
    public var description: String { "\(method) \(url.host() ?? "")" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPHeaders {
    /// Headers that say how a message is carried and where it ends: a transport's own.
    private static let framing: Set = [
        "connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding",
        "upgrade",
    ]

    fileprivate static func isSendable(_ name: String, _ value: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(\.isTokenByte) && !framing.contains(name)
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}

extension UInt8 {
    /// Whether it may stand in a method or the name of a header.
    fileprivate var isTokenByte: Bool {
        isDigit || lowercased.isLowercaseLetter || "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
}
