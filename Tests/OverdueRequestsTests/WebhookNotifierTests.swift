import Apus
import Foundation
import OverdueRequestsKit
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite struct WebhookNotifierTests {
    @Test func `posts the notice as JSON under its key`() async throws {
        let sent = Guarded<URLRequest?>(nil)
        let webhook = WebhookNotifier(address: Self.address) { request in
            sent.withLock { $0 = request }
            return (Data(), Self.answer(204))
        }
        try await webhook.send(Self.notice, key: "run/notify[0]/notify-DOT")
        let request = try #require(sent.withLock { $0 })
        #expect(request.httpMethod == "POST" && request.url == Self.address)
        #expect(request.value(forHTTPHeaderField: "Content-Type") == "application/json")
        #expect(request.value(forHTTPHeaderField: "Idempotency-Key") == "run/notify[0]/notify-DOT")
        let body = try #require(request.httpBody)
        #expect(try JSONDecoder().decode(Notice.self, from: body) == Self.notice)
    }

    @Test(arguments: [
        (199, FailureKind.permanent), (302, .permanent), (404, .permanent), (408, .transient), (429, .transient),
        (500, .transient), (503, .transient),
    ])
    func `any other status is an error that says whether it may pass`(_ status: Int, _ kind: FailureKind) async {
        let webhook = WebhookNotifier(address: Self.address) { _ in (Data(), Self.answer(status)) }
        await #expect { try await webhook.send(Self.notice, key: "run/notify[0]/notify-DOT") } throws: {
            guard let error = $0 as? WebhookError else { return false }
            return error.status == status && error.failureKind == kind && error.retryAfter == nil
        }
    }

    @Test func `the wait that the other side asks for is kept`() async {
        let webhook = WebhookNotifier(address: Self.address) { _ in (Data(), Self.answer(429, ["Retry-After": "7"])) }
        await #expect { try await webhook.send(Self.notice, key: "run/notify[0]/notify-DOT") } throws: {
            ($0 as? WebhookError)?.retryAfter == .seconds(7)
        }
    }

    @Test func `no answer is an error that may pass`() async {
        let webhook = WebhookNotifier(address: Self.address) { _ in throw URLError(.cannotConnectToHost) }
        await #expect { try await webhook.send(Self.notice, key: "run/notify[0]/notify-DOT") } throws: {
            guard let error = $0 as? WebhookError else { return false }
            return error.status == nil && error.failureKind == .transient
        }
    }

    private static let address = URL(string: "https://example.org/hook")!
    private static let notice = Notice(
        agency: "DOT", asOf: Samples.asOf,
        decisions: [Decision(request: Samples.request(late: 4), action: .remind, reasons: ["late"])])

    private static func answer(_ status: Int, _ headers: [String: String] = [:]) -> HTTPURLResponse {
        HTTPURLResponse(url: address, statusCode: status, httpVersion: nil, headerFields: headers)!
    }
}
