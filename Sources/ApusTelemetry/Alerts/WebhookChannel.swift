public import Apus
public import ApusAgents
public import Foundation

/// Posts notices to a web address as JSON.
///
/// The body is an `AlertNotice` of Apus with a member `text`, which chat services show. The header `Idempotency-Key` is the same when a
/// notice is sent again.
public struct WebhookChannel: NotificationChannel {
    private let url: URL
    private let headers: HTTPHeaders
    private let transport: any HTTPTransport

    public init(_ url: URL, headers: HTTPHeaders = [:], transport: any HTTPTransport) {
        self.url = url
        self.headers = headers
        self.transport = transport
    }

    /// Throws ``WebhookError`` for any status but 2xx, and what the transport throws.
    public func send(_ notice: AlertNotice) async throws {
        var headers = headers
        headers["content-type"] = "application/json"
        let key = "\(notice.rule)/\(notice.since.milliseconds)/\(notice.time.milliseconds)"
        headers["idempotency-key"] = key.filter { $0.isASCII && !$0.isNewline }
        var body = try JSON(encoding: notice)
        if case .object(var members) = body {
            members["text"] = .string(notice.text)
            body = .object(members)
        }
        let request = HTTPRequest("POST", url, headers: headers, body: body.bytes)
        let response = try await transport.send(request)
        guard (200..<300).contains(response.status) else { throw WebhookError(status: response.status) }
        _ = try await response.body.collect(limit: 1 << 16)
    }
}

/// A server did not take a notice.
public struct WebhookError: Error, Sendable, Hashable, CustomStringConvertible {
    public var status: Int

    public init(status: Int) { self.status = status }

    public var description: String { "The server of the webhook answered \(status)." }
}
