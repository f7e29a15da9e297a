public import Apus
import Foundation

/// Sends a request to a server of the web and reads the answer.
///
/// A model chooses the address, so it is held to a ``NetworkPolicy`` wherever it leads: by default to the public internet, at
/// every redirect and at the socket.
public struct WebRequest: Tool {
    public struct Input: Codable, Sendable, SchemaDescribed {
        public var url: String
        public var method: String?
        public var headers: [String: String]?
        public var body: String?

        public static let descriptions = [
            "url": "With http:// or https://", "method": "GET unless another is given",
            "headers": "By name; credentials are added where they are needed", "body": "The text to send",
        ]
    }

    public let name = "web_request"
    public let description: String
    public let policy: ToolPolicy
    private let transport: any HTTPTransport
    private let network: NetworkPolicy
    private let methods: [String]
    /// What goes along to an origin, by the origin.
    private let credentials: [(origin: WebAddress, headers: HTTPHeaders)]
    private let maximumSize: Int
    private let redirects: Int
    private let limits: HTTPLimits

    /// - Parameters:
    ///   - transport: One that can hold requests to a policy.
    ///   - network: Where requests may go.
    ///   - methods: With one other than GET and HEAD a person is asked each time, whatever the policy says.
    ///   - credentials: Headers that go along to one scheme, host and port, by a URL of these, such as `https://api.example.org`.
    ///   - maximumSize: How many bytes of an answer the model gets, after decompression.
    ///   - redirects: How many are followed.
    ///   - policy: By default a call is only looking, and one with other methods happens at most once; either brings in what anybody
    ///     may have written, and sends what a model was made to send: so in a tainted conversation a person is asked.
    /// - Throws: ``HTTPError`` for a URL that is none.
    public init(
        over transport: any HTTPTransport, to network: NetworkPolicy = .publicInternet,
        methods: [String] = ["GET", "HEAD"], credentials: [String: HTTPHeaders] = [:], maximumSize: Int = 256 << 10,
        redirects: Int = 5, limits: HTTPLimits = HTTPLimits(connect: .seconds(10), firstByte: .seconds(50)),
        policy: ToolPolicy? = nil
    ) throws(HTTPError) {
        let onlyLooks = methods.allSatisfy { ["GET", "HEAD"].contains($0) }
        var policy =
            policy
            ?? ToolPolicy(
                effect: onlyLooks ? .readOnly : .atMostOnce, permission: onlyLooks ? .allow : .ask,
                flow: [.brings, .sends])
        if !onlyLooks { policy.permission = max(policy.permission, .ask) }
        self.policy = policy
        self.credentials = try credentials.sorted { $0.key < $1.key }.map { url, headers throws(HTTPError) in
            (try WebAddress(url), headers)
        }
        self.transport = transport
        self.network = network
        self.methods = methods
        self.maximumSize = maximumSize
        self.redirects = redirects
        self.limits = limits
        description =
            "Sends a request to a web server and reads the answer. Methods: \(methods.joined(separator: ", "))"
    }

    public func call(_ input: Input, _ context: ToolContext) async throws -> [ChatPart] {
        let request = try request(input, key: context.key)
        let (response, last) = try await transport.send(request, following: redirects)
        var page = WebPage(response, of: last, wasRedirected: last.url != request.url)
        guard last.method != "HEAD" else { return page.parts }
        var bytes: [UInt8] = []
        while bytes.count <= maximumSize, let chunk = try await response.body.next() { bytes += chunk }
        page.isCut = bytes.count > maximumSize
        page.body = Array(bytes.prefix(maximumSize))
        return page.parts
    }

    private func request(_ input: Input, key: String) throws(HTTPError) -> HTTPRequest {
        let address = try WebAddress(input.url)
        let method = input.method?.uppercased() ?? "GET"
        guard methods.contains(method) else {
            throw HTTPError(.refused, host: address.hostText, reason: "\(method) is none of the methods of this tool")
        }
        var limits = limits
        // The rest is not read: this tool stops where it has enough.
        limits.body = .max
        var request = HTTPRequest(
            method, address.url, body: Array((input.body ?? "").utf8), limits: limits, policy: network)
        request.sharesConnections = policy.effect != .atMostOnce
        for (name, value) in (input.headers ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard !WebHeaders.isReserved(name) else {
                throw HTTPError(.refused, host: address.hostText, reason: "the header \(name) is not a model's to set")
            }
            request.headers[name] = value
        }
        if request.headers["user-agent"] == nil { request.headers["user-agent"] = "Apus" }
        if !request.body.isEmpty, request.headers["content-type"] == nil {
            request.headers["content-type"] = WebHeaders.type(of: request.body)
        }
        if policy.effect == .idempotent, !key.isEmpty { request.headers["idempotency-key"] = key }
        for (origin, headers) in credentials where origin.hasSameOrigin(as: address) {
            for (name, value) in headers.all { request.headers[name] = value }
        }
        return request
    }
}

/// What a model may say about a request, and what is the operator's.
private enum WebHeaders {
    /// Who asks, for whom, and by what name: a server may decide by these what to allow.
    private static let reserved: Set = [
        "authorization", "cookie", "forwarded", "host", "idempotency-key", "metadata", "metadata-flavor", "origin",
        "referer", "true-client-ip", "via", "x-csrf-token", "x-http-method", "x-http-method-override",
        "x-method-override", "x-original-url", "x-real-ip", "x-rewrite-url",
    ]
    private static let families = [
        "proxy-", "sec-", "x-forwarded-", "x-aws-", "x-amz-", "x-goog-", "x-ms-", "x-envoy-",
    ]

    static func isReserved(_ name: String) -> Bool {
        let name = name.lowercased()
        return reserved.contains(name) || families.contains { name.hasPrefix($0) }
    }

    static func type(of body: [UInt8]) -> String {
        (try? JSON(parsing: body)) == nil ? "text/plain; charset=utf-8" : "application/json"
    }
}
