import Apus
import ApusAgents

/// Answers requests by a closure, keeps them, and holds them to what every transport checks.
final class AnsweringTransport: HTTPTransport {
    private let seen = Guarded<[HTTPRequest]>([])
    private let answer: @Sendable (HTTPRequest) throws -> HTTPResponse

    init(_ answer: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse) { self.answer = answer }

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        _ = try request.checked()
        seen.withLock { $0.append(request) }
        return try answer(request)
    }
}

extension HTTPResponse {
    static func redirect(_ status: Int = 302, to location: String) -> Self {
        HTTPResponse(status: status, headers: ["location": location])
    }

    static func text(_ text: String, type: String = "text/plain", status: Int = 200) -> Self {
        HTTPResponse(status: status, headers: ["content-type": type], body: HTTPBody(Array(text.utf8)))
    }
}
