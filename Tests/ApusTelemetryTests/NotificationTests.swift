import Apus
import ApusAgents
import ApusTelemetry
import ApusTesting
import Foundation
import Testing

@Suite struct NotificationTests {
    private let notice = AlertNotice.sample

    @Test func `a webhook gets the notice as JSON, under one key however often it is sent`() async throws {
        let seen = Guarded<[HTTPRequest]>([])
        let transport = Answering { request in
            seen.withLock { $0.append(request) }
            return HTTPResponse(status: seen.withLock { $0.count } == 1 ? 500 : 204)
        }
        let url = try #require(URL(string: "https://example.org/hook"))
        let channel = WebhookChannel(url, headers: ["Authorization": "Bearer x"], transport: transport)
        await #expect(throws: WebhookError(status: 500)) { try await channel.send(notice) }
        try await channel.send(notice)
        let requests = seen.withLock { $0 }
        #expect(requests.count == 2 && requests[0].headers == requests[1].headers)
        let body = try JSON(parsing: requests[1].body)
        #expect(body["rule"] == "länge" && body["kind"] == "firing" && body["severity"] == "critical")
        #expect(body["text"] == "The alert \"länge\" fires: Zu viel wartet.")
        #expect(requests[1].headers["authorization"] == "Bearer x")
    }

    @Test func `a mail goes through a server that speaks SMTP`() async throws {
        let lines = Guarded<[String]>([])
        let server = try TestServer { connection in
            connection.write("220 test\r\n")
            var isData = false
            while let line = connection.line() {
                lines.withLock { $0.append(line) }
                if isData {
                    if line == "." {
                        isData = false
                        connection.write("250 taken\r\n")
                    }
                } else if line.hasPrefix("EHLO") {
                    connection.write("250-test\r\n250 8BITMIME\r\n")
                } else if line == "DATA" {
                    isData = true
                    connection.write("354 go on\r\n")
                } else {
                    connection.write("250 ok\r\n")
                }
                if line == "QUIT" { return }
            }
        }
        let channel = try MailChannel(
            from: "apus@example.org", to: ["ops@example.org", "boss@example.org"],
            through: .init("127.0.0.1", port: server.port, security: .none))
        try await channel.send(notice)
        let seen = lines.withLock { $0 }
        #expect(seen.contains { $0.hasPrefix("MAIL FROM:<apus@example.org>") })
        #expect(
            seen.filter { $0.hasPrefix("RCPT TO:") } == ["RCPT TO:<ops@example.org>", "RCPT TO:<boss@example.org>"])
        #expect(seen.contains("To: <ops@example.org>, <boss@example.org>"))
        let subject = try #require(seen.first { $0.hasPrefix("Subject: =?utf-8?B?") })
        #expect(subject.utf8.count <= 76)
        let blank = try #require(seen.firstIndex(of: ""))
        let body = seen[(blank + 1)...].prefix { $0 != "." }.joined()
        let text = try #require(Data(base64Encoded: body).map { String(decoding: $0, as: UTF8.self) })
        #expect(text.hasPrefix("The alert \"länge\" fires: Zu viel wartet.\nSince: "))
    }

    @Test func `a server that is not there, or wants no mail, is an error`() async throws {
        let port = try TestServer.freePort()
        let channel = try MailChannel(
            from: "a@b", to: ["c@d"], through: .init("127.0.0.1", port: port, security: .none))
        do {
            try await channel.send(notice)
            Issue.record("nobody took it")
        } catch let error as MailDeliveryError {
            guard case .notSent = error else { throw error }
        }
    }

    @Test(arguments: ["", "a", "a@", "a@b@c", "a b@c", "a@b>\r\nRCPT TO:<x@y", "a@b\n", "<a@b>"])
    func `what is no address is refused`(_ address: String) {
        let server = MailChannel.Server("h", port: 25, security: .none)
        #expect(throws: MailDeliveryError.badAddress(address)) {
            _ = try MailChannel(from: "a@b", to: [address], through: server)
        }
    }
}

extension AlertNotice {
    /// A notice that a rule tells.
    static var sample: AlertNotice {
        let rule = AlertRule("länge", .init("m"), .above(1), severity: .critical, summary: "Zu viel wartet.")
        var machine = AlertMachine(rule)
        let now = Instant(uptime: .seconds(1), sinceEpoch: .seconds(1_700_000_000))
        guard let notice = machine.take(2, at: now) else { preconditionFailure("2 is above 1") }
        return notice
    }
}

/// A transport that answers by a closure.
struct Answering: HTTPTransport {
    let answer: @Sendable (HTTPRequest) -> HTTPResponse
    func send(_ request: HTTPRequest) async throws -> HTTPResponse { answer(request) }
}
