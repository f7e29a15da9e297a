public import Apus
public import ApusAgents
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// HTTP by Foundation's `URLSession`, for machines without libcurl: connections are reused, `http_proxy`, `https_proxy` and
/// `no_proxy` are honoured, compressed bodies are decompressed, and nothing is cached or stored, cookies included.
///
/// `URLSession` on Linux can't be told to stop reading (suspending a task does not), so a reader who falls behind by more than
/// `HTTPLimits.waiting` bytes is refused the rest rather than given memory without bound. It tells nothing of connecting
/// either: `HTTPLimits.firstByte` covers that, and a request with a `NetworkPolicy` is refused.
public final class URLSessionTransport: HTTPTransport {
    private let environment: any Environment
    private let exchanges: ExchangeDelegate
    private let session: URLSession

    /// One for all who have no need of their own, so that they share connections.
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
        let address = try request.checked()
        guard request.policy == nil else { throw HTTPError(.cannotEnforce, host: address.hostText) }
        let exchange = Exchange(host: address.hostText, limits: request.limits, window: request.limits.waiting)
        let task = session.dataTask(with: URLRequest(request, to: address))
        exchanges.add(exchange, of: task)
        let token = ExchangeToken(exchange) { task.cancel() }
        task.resume()
        return try await token.response(environment)
    }
}

extension URLRequest {
    fileprivate init(_ request: HTTPRequest, to address: WebAddress) {
        self.init(url: address.url)
        httpMethod = request.method
        // The session's own clock stays out of the way: the environment's decides.
        timeoutInterval = 86_400
        for (name, value) in request.headers.all { setValue(value, forHTTPHeaderField: name) }
        if !request.body.isEmpty { httpBody = Data(request.body) }
    }
}
