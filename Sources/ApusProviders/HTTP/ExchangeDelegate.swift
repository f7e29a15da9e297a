import Apus
import ApusAgents
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Hands what a session reports to the exchange that it belongs to. It knows no transport, so nothing retains in a circle.
final class ExchangeDelegate: NSObject, URLSessionDataDelegate {
    private let exchanges = Guarded<[Int: Exchange]>([:])

    func add(_ exchange: Exchange, of task: URLSessionTask) {
        exchanges.withLock { $0[task.taskIdentifier] = exchange }
    }

    private func exchange(of task: URLSessionTask) -> Exchange? {
        exchanges.withLock { $0[task.taskIdentifier] }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        if let response = response as? HTTPURLResponse {
            var headers = HTTPHeaders()
            for (name, value) in response.allHeaderFields { headers.add("\(value)", to: "\(name)") }
            exchange(of: dataTask)?.begin(Exchange.Head(status: response.statusCode, headers: headers))
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        // The session may have a long queue when a task is cancelled: what comes then is not even copied.
        guard let exchange = exchange(of: dataTask), exchange.isOpen else { return }
        if !exchange.receive([UInt8](data)) { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        let isSame = Origin(request.url) == Origin(task.originalRequest?.url)
        completionHandler(isSame ? request : nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let exchange = exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        exchange?.end(
            error.map { .failure(HTTPError($0, host: task.originalRequest?.url?.host() ?? "")) } ?? .success(()))
    }
}

/// Scheme, host and port: whom credentials are meant for.
private struct Origin: Equatable {
    var scheme: String?
    var host: String?
    var port: Int?

    init(_ url: URL?) {
        scheme = url?.scheme?.lowercased()
        host = url?.host()?.lowercased()
        port = url?.port ?? (scheme == "https" ? 443 : 80)
    }
}

/// Ends its exchange when the last one who holds it lets go.
final class ExchangeToken: Sendable {
    let exchange: Exchange
    private let task: URLSessionDataTask

    init(_ task: URLSessionDataTask, _ exchange: Exchange) {
        self.task = task
        self.exchange = exchange
        task.resume()
    }

    deinit { task.cancel() }

    /// Calls `body`; when the task is cancelled meanwhile, the exchange ends.
    func whileUncancelled<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        try await withTaskCancellationHandler(operation: body) {
            exchange.end(.failure(CancellationError()))
            task.cancel()
        }
    }
}

extension HTTPError {
    init(_ error: any Error, host: String) {
        let error = error as NSError
        let code: Code =
            switch URLError.Code(rawValue: error.code) {
            case .badURL, .unsupportedURL: .badRequest
            case .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet: .unreachable
            case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
                .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
                .untrusted
            case .timedOut: .timedOut
            default: .connectionLost
            }
        self.init(code, host: host, reason: "URLSession's error \(error.code)")
    }
}
