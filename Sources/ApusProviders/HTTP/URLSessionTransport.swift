public import Apus
public import ApusAgents
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// HTTP by Foundation's `URLSession`: connections are reused, `http_proxy`, `https_proxy` and `no_proxy` are honoured, compressed
/// bodies are decompressed, and nothing is cached or stored, cookies included.
///
/// `URLSession` on Linux can't be told to stop reading (suspending a task does not), so a reader who falls behind by more than
/// `HTTPLimits.waiting` bytes is refused the rest rather than given memory without bound. It tells nothing of connecting
/// either: `HTTPLimits.firstByte` covers that.
public final class URLSessionTransport: HTTPTransport {
    private let environment: any Environment
    private let exchanges: ExchangeDelegate
    private let session: URLSession

    /// The one that providers share unless they are given another, so that they share connections.
    public static let shared = URLSessionTransport()

    /// - Parameter connections: how many connections there may be to one host.
    public init(connections: Int = 64, environment: some Environment = .live) {
        self.environment = environment
        exchanges = ExchangeDelegate()
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = connections
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    /// A session keeps its delegate until it is told to end; what is under way ends by itself.
    deinit { session.finishTasksAndInvalidate() }

    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let host = request.url.host() ?? ""
        guard !host.isEmpty, ["http", "https"].contains(request.url.scheme) else { throw HTTPError(.badRequest) }
        let exchange = Exchange(host: host, limits: request.limits)
        let task = session.dataTask(with: URLRequest(request))
        exchanges.add(exchange, of: task)
        let token = ExchangeToken(task, exchange)
        let head = try await environment.within(request.limits.firstByte) {
            try await token.whileUncancelled { try await exchange.head() }
        } onTimeout: {
            HTTPError(.timedOut, host: host, limit: .firstByte(request.limits.firstByte))
        }
        return HTTPResponse(status: head.status, headers: head.headers, body: body(token, request.limits, host))
    }

    private func body(_ token: ExchangeToken, _ limits: HTTPLimits, _ host: String) -> HTTPBody {
        HTTPBody { [environment] in
            if let ready = try token.exchange.ready() { return ready }
            return try await environment.within(limits.idle) {
                try await token.whileUncancelled { try await token.exchange.chunk() }
            } onTimeout: {
                HTTPError(.timedOut, host: host, limit: .idle(limits.idle))
            }
        }
    }
}

extension URLRequest {
    fileprivate init(_ request: HTTPRequest) {
        self.init(url: request.url)
        httpMethod = request.method
        // The session's own clock stays out of the way: the environment's decides.
        timeoutInterval = 86_400
        for (name, value) in request.headers.all { setValue(value, forHTTPHeaderField: name) }
        if !request.body.isEmpty { httpBody = Data(request.body) }
    }
}
