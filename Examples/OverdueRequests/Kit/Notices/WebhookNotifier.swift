public import Apus
public import Foundation

#if canImport(FoundationNetworking)
    public import FoundationNetworking
#endif

/// Posts each notice as JSON to an address.
///
/// The header `Idempotency-Key` holds the key. Any status from 200 to 299 counts as delivered.
public struct WebhookNotifier: Notifier {
    /// Sends a request and returns the answer.
    public typealias Transport = @Sendable (URLRequest) async throws -> (Data, URLResponse)

    private let address: URL
    private let transport: Transport

    public init(address: URL, transport: @escaping Transport = { try await URLSession.shared.data(for: $0) }) {
        self.address = address
        self.transport = transport
    }

    public func send(_ notice: Notice, key: String, in context: NodeContext) async throws {
        try await send(notice, key: key)
        context.progress("Told \(notice.agency): \(notice.decisions.count) overdue; \(notice.decisions.summary)")
    }

    /// Posts the notice once.
    public func send(_ notice: Notice, key: String) async throws {
        var request = URLRequest(url: address, timeoutInterval: 10)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue(key, forHTTPHeaderField: "Idempotency-Key")
        request.httpBody = try JSON.encode(notice)
        let response: URLResponse
        do {
            (_, response) = try await transport(request)
        } catch let error as URLError where error.code != .cancelled {
            throw WebhookError(status: nil, reason: "\(host): \(Self.reason(of: error.code))")
        }
        let answer = response as? HTTPURLResponse
        let status = answer?.statusCode ?? 0
        guard (200...299).contains(status) else {
            let wait = answer?.value(forHTTPHeaderField: "Retry-After").flatMap { Int($0) }
            throw WebhookError(
                status: status, reason: "\(host) answered with status \(status)",
                retryAfter: wait.map { .seconds($0) })
        }
    }

    /// What errors call the address: the rest of it may be a secret.
    private var host: String { (address.host() ?? "") + (address.port.map { ":\($0)" } ?? "") }

    /// In words of our own: the system's hold times and differ by platform, and a report is the same each time.
    private static func reason(of code: URLError.Code) -> String {
        switch code {
        case .timedOut: "no answer within 10 seconds"
        case .cannotFindHost, .dnsLookupFailed: "there is no such host"
        case .cannotConnectToHost: "nobody answers there"
        case .networkConnectionLost: "the connection was lost"
        default: "it can't be reached (URLError \(code.rawValue))"
        }
    }
}

/// Why a webhook did not take a notice.
public struct WebhookError: ClassifiedError, Equatable, CustomStringConvertible {
    /// `nil` if there was no answer at all.
    public let status: Int?
    public let reason: String
    public let retryAfter: Duration?

    public init(status: Int?, reason: String, retryAfter: Duration? = nil) {
        self.status = status
        self.reason = reason
        self.retryAfter = retryAfter
    }

    /// No answer, a timeout, too many requests and a fault of the server may pass; a refusal will not.
    public var failureKind: FailureKind {
        guard let status else { return .transient }
        return [408, 429].contains(status) || status >= 500 ? .transient : .permanent
    }

    public var description: String { reason }
}
