import Foundation
import OverdueRequestsKit
import Synchronization
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite struct WebhookNotifierTests {
    @Test func `posts the notice as JSON under its id`() async throws {
        let sent = Mutex<URLRequest?>(nil)
        let webhook = WebhookNotifier(address: Self.address) { request in
            sent.withLock { $0 = request }
            return (Data(), Self.answer(204))
        }
        try await webhook.send(Self.notice)
        let request = try #require(sent.withLock { $0 })
        #expect(request.httpMethod == "POST" && request.url == Self.address)
        #expect(request.value(forHTTPHeaderField: "Content-Type") == "application/json")
        #expect(request.value(forHTTPHeaderField: "Idempotency-Key") == "2011-03-20T00:00:00/DOT")
        let body = try #require(request.httpBody)
        #expect(try JSONDecoder().decode(Notice.self, from: body) == Self.notice)
    }

    @Test(arguments: [199, 302, 404, 500])
    func `any other status is an error that names it`(_ status: Int) async {
        let webhook = WebhookNotifier(address: Self.address) { _ in (Data(), Self.answer(status)) }
        await #expect { try await webhook.send(Self.notice) } throws: {
            ($0 as? WebhookError)?.status == status && "\($0)".contains("DOT")
        }
    }

    @Test func `no answer is an error without a status`() async {
        let webhook = WebhookNotifier(address: Self.address) { _ in throw URLError(.cannotConnectToHost) }
        await #expect { try await webhook.send(Self.notice) } throws: {
            guard let error = $0 as? WebhookError else { return false }
            return error.status == nil
        }
    }

    private static let address = URL(string: "https://example.org/hook")!
    private static let notice = Notice(
        agency: "DOT", asOf: Samples.asOf,
        decisions: [Decision(request: Samples.request(late: 4), action: .remind, reasons: ["late"])])

    private static func answer(_ status: Int) -> HTTPURLResponse {
        HTTPURLResponse(url: address, statusCode: status, httpVersion: nil, headerFields: nil)!
    }
}
