public import Foundation

/// What a transport sends.
public struct HTTPRequest: Hashable, Sendable {
    public var method: String
    public var url: URL
    public var headers: HTTPHeaders
    public var body: [UInt8]
    public var limits: HTTPLimits

    public init(
        _ method: String = "POST", _ url: URL, headers: HTTPHeaders = [:], body: [UInt8] = [],
        limits: HTTPLimits = HTTPLimits()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
    }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    /// The method and the host: the rest may hold secrets.
    public var description: String { "\(method) \(url.host() ?? "")" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
