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
        if let response = response as? HTTPURLResponse, let exchange = exchange(of: dataTask) {
            begin(exchange, response)
        }
        completionHandler(.allow)
    }

    private func begin(_ exchange: Exchange, _ response: HTTPURLResponse) {
        var headers = HTTPHeaders()
        var size = 0
        for (name, value) in response.allHeaderFields {
            size += "\(name): \(value)\r\n".utf8.count
            headers.add("\(value)", to: "\(name)")
        }
        if size > exchange.limits.head {
            let limit = HTTPLimit.head(exchange.limits.head)
            exchange.end(.failure(HTTPError(.tooLarge, host: exchange.host, limit: limit)))
        } else {
            exchange.begin(Exchange.Head(status: response.statusCode, headers: headers))
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        // The session may have a long queue when a task is cancelled: what comes then is not even read.
        guard let exchange = exchange(of: dataTask), exchange.isOpen else { return }
        switch data.withUnsafeBytes({ exchange.receive($0) }) {
        case .taken: return
        case .full:
            let limit = HTTPLimit.waiting(exchange.limits.waiting)
            exchange.end(.failure(HTTPError(.tooLarge, host: exchange.host, limit: limit)))
            dataTask.cancel()
        case .over: dataTask.cancel()
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let exchange = exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        exchange?.end(error.map { .failure(HTTPError($0, host: exchange?.host ?? "")) } ?? .success(()))
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
