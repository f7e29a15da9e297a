/// A request as a server received it, whichever server that is.
public struct WebhookRequest: Sendable, Hashable {
    public var method: String
    public var path: String
    /// By name; names count in either case. Of a header that came several times the values joined by a comma and a blank.
    public private(set) var headers: [String: String]
    public var body: [UInt8]

    public init(method: String = "POST", path: String = "/", headers: [String: String] = [:], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.headers = [:]
        self.body = body
        for name in headers.keys.sorted() {
            let value = headers[name] ?? ""
            self.headers[name.lowercased()] = self.headers[name.lowercased()].map { "\($0), \(value)" } ?? value
        }
    }

    /// The value of a header, if there is one.
    public func header(_ name: String) -> String? { headers[name.lowercased()] }
}

/// What is to be answered to a ``WebhookRequest``.
public struct WebhookResponse: Sendable, Hashable {
    public var status: Int
    public var headers: [String: String]
    public var body: [UInt8]

    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(_ status: Int, _ members: KeyValuePairs<String, String>, retry seconds: Int? = nil) {
        let json = JSON.object(JSON.Object(members.map { ($0.key, .string($0.value)) }))
        self.init(status: status, headers: ["content-type": "application/json"], body: Array(json.description.utf8))
        if let seconds { headers["retry-after"] = "\(seconds)" }
    }
}

/// Tells whether a request comes from the one it should come from.
public struct WebhookCheck: Sendable {
    let isGenuine: @Sendable (WebhookRequest) async throws -> Bool

    public init(_ isGenuine: @escaping @Sendable (WebhookRequest) async throws -> Bool) { self.isGenuine = isGenuine }

    /// Whoever knows where it is may send.
    public static let none = WebhookCheck { _ in true }

    /// The header holds the HMAC of the body by SHA-256 in hexadecimal digits, behind a prefix.
    public static func hmac(
        _ secret: [UInt8], header: String = "X-Hub-Signature-256", prefix: String = "sha256="
    ) -> WebhookCheck {
        WebhookCheck { request in
            let wanted =
                Array(prefix.utf8)
                + SHA256.authenticationCode(of: request.body, key: secret).flatMap {
                    [HexDigit.of($0 >> 4), HexDigit.of($0 & 15)]
                }
            let given = Array((request.header(header) ?? "").lowercased().utf8)
            // Every byte is compared, so that the time tells nothing.
            guard given.count == wanted.count else { return false }
            return zip(given, wanted).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
        }
    }
}

extension SHA256 {
    /// HMAC of RFC 2104 over this hash function.
    static func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? digest(of: key) : key
        block += Array(repeating: 0, count: 64 - block.count)
        return digest(of: block.map { $0 ^ 0x5C } + digest(of: block.map { $0 ^ 0x36 } + message))
    }
}
