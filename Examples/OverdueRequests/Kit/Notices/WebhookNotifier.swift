public import Foundation

#if canImport(FoundationNetworking)
    public import FoundationNetworking
#endif

/// Posts each notice as JSON to an address.
///
/// The header `Idempotency-Key` holds the notice's id. Any status from 200 to 299 counts as delivered.
public struct WebhookNotifier: Notifier {
    /// Sends a request and returns the answer.
    public typealias Transport = @Sendable (URLRequest) async throws -> (Data, URLResponse)

    private let address: URL
    private let transport: Transport

    public init(address: URL, transport: @escaping Transport = { try await URLSession.shared.data(for: $0) }) {
        self.address = address
        self.transport = transport
    }

    public func send(_ notice: Notice) async throws {
        var request = URLRequest(url: address, timeoutInterval: 10)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue(notice.id, forHTTPHeaderField: "Idempotency-Key")
        request.httpBody = try JSON.encode(notice)
        let response: URLResponse
        do {
            (_, response) = try await transport(request)
        } catch let error as URLError {
            throw WebhookError(agency: notice.agency, status: nil, reason: error.localizedDescription)
        }
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200...299).contains(status) else {
            throw WebhookError(agency: notice.agency, status: status, reason: "it answered with status \(status)")
        }
    }
}

/// Why a webhook did not take a notice.
public struct WebhookError: Error, Equatable, CustomStringConvertible {
    public let agency: String
    /// `nil` if there was no answer at all.
    public let status: Int?
    public let reason: String

    public init(agency: String, status: Int?, reason: String) {
        self.agency = agency
        self.status = status
        self.reason = reason
    }

    public var description: String { "the webhook did not take the notice to \(agency): \(reason)" }
}
