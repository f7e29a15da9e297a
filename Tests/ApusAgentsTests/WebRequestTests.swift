import Apus
import ApusAgents
import ApusTesting
import Foundation
import Testing

@Suite struct WebRequestTests {
    /// What the model reads of one call.
    private func call(_ tool: WebRequest, _ arguments: JSON) async throws -> ToolResult {
        let model = ScriptedModel([.call(tool.name, arguments), .text("done")])
        let end = try await Agent("reader", model: model, tools: [tool]).run([.user("?")])
        return try #require(end.messages.flatMap(\.toolResults).first)
    }

    private func read(_ answer: HTTPResponse, maximumSize: Int = 1_000) async throws -> ToolResult {
        let tool = try WebRequest(over: AnsweringTransport { _ in answer }, maximumSize: maximumSize)
        return try await call(tool, ["url": "https://example.org/page"])
    }

    @Test func `a page is read with its status and its type`() async throws {
        let result = try await read(.text("{\"a\": 1}", type: "application/json; charset=utf-8", status: 404))
        #expect(result.text == "status: 404\ncontent-type: application/json\n\n{\"a\": 1}")
        #expect(!result.isError)
    }

    @Test func `a page that is too long is cut, which the model is told, and the rest is not drawn`() async throws {
        let drawn = Guarded(0)
        let body = HTTPBody {
            drawn.withLock { $0 += 1 }
            return Array("0123456789".utf8)
        }
        let result = try await read(HTTPResponse(status: 200, headers: ["content-type": "text/plain"], body: body))
        #expect(result.text.contains("cut after: 1000 bytes"))
        #expect(result.text.hasSuffix(String(repeating: "0123456789", count: 100)))
        #expect(drawn.withLock { $0 } == 101)
    }

    @Test func `an image comes as an image, and other bytes are named and not shown`() async throws {
        let picture = try await read(
            HTTPResponse(status: 200, headers: ["content-type": "image/png"], body: HTTPBody([1, 2, 3])))
        #expect(picture.parts.last == .image(Media(.bytes([1, 2, 3]), type: "image/png")))
        for (type, bytes) in [("application/zip", [80, 75]), ("text/plain", [65, 0, 66]), ("", [0xFF, 0xFE])] {
            let other = try await read(
                HTTPResponse(status: 200, headers: ["content-type": type], body: HTTPBody(bytes.map { UInt8($0) })))
            #expect(other.text.contains("no text"), "\(type)")
        }
    }

    @Test func `letters of the west are read in their old coding`() async throws {
        let body = HTTPBody([0x5A, 0xFC, 0x72, 0x69, 0x63, 0x68])
        let headers: HTTPHeaders = ["content-type": "text/html; charset=ISO-8859-1"]
        #expect(try await read(HTTPResponse(status: 200, headers: headers, body: body)).text.hasSuffix("Zürich"))
    }

    @Test(arguments: [
        ("http://169.254.169.254/latest/meta-data/", "link-local"), ("http://2130706433/", "loopback"),
        ("http://me:secret@example.org/", "credentials belong into headers"), ("file:///etc/passwd", "http://"),
        ("https://example.org:22/", "port 22"), ("https://example.org/a b", "percent-encoded"),
    ])
    func `an address that may not be reached is told in words, and nothing is sent`(url: String, words: String)
        async throws
    {
        let transport = AnsweringTransport { _ in .text("secret") }
        let result = try await call(WebRequest(over: transport), ["url": .string(url)])
        #expect(result.isError)
        #expect(result.text.contains(words), "\(result.text)")
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [
        "Authorization", "Cookie", "Host", "Proxy-Authorization", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded",
        "X-HTTP-Method-Override", "X-aws-ec2-metadata-token", "Metadata-Flavor", "Metadata", "Sec-Fetch-Site", "Origin",
        "Transfer-Encoding", "Content-Length", "Connection", "Upgrade", "TE", "Trailer", "X-Real-IP", "X-Original-URL",
        "X y", "X\r\nHost", "", "X:", "X\u{0}",
    ])
    func `a header that is the operator's or the transport's is refused`(name: String) async throws {
        let transport = AnsweringTransport { _ in .text("secret") }
        let arguments: JSON = ["url": "https://example.org/", "headers": .object([name: "x"])]
        let result = try await call(WebRequest(over: transport), arguments)
        #expect(result.isError)
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: ["a\r\nAuthorization: x", "a\nb", "a\rb", "a\0b", "\u{7F}"])
    func `a value that would end its line is refused`(value: String) async throws {
        let transport = AnsweringTransport { _ in .text("secret") }
        let arguments: JSON = ["url": "https://example.org/", "headers": ["X-A": .string(value)]]
        #expect(try await call(WebRequest(over: transport), arguments).isError)
        #expect(transport.requests.isEmpty)
    }

    @Test func `the operator's headers go to their origin alone, also over a redirect`() async throws {
        let transport = AnsweringTransport { request in
            request.url.path == "/away" ? .redirect(to: "https://other.example/") : .text("read")
        }
        let tool = try WebRequest(
            over: transport, credentials: ["https://api.example.org": ["Authorization": "Bearer s", "X-Key": "s"]])
        for url in [
            "https://api.example.org/here", "https://api.example.org/away", "https://api.example.org.evil.example/",
            "http://api.example.org/", "https://example.org/",
        ] {
            #expect(try await call(tool, ["url": .string(url)]).text.hasSuffix("read"))
        }
        let knowing = transport.requests.filter { $0.headers["authorization"] != nil }
        #expect(knowing.map(\.url.absoluteString) == ["https://api.example.org/here", "https://api.example.org/away"])
        #expect(knowing.allSatisfy { $0.headers["x-key"] == "s" })
        #expect(transport.requests.filter { $0.headers["x-key"] == "s" }.count == 2)
        #expect(transport.requests.allSatisfy { $0.policy == .publicInternet })
    }

    @Test func `only GET and HEAD look, and whatever else is allowed asks a person and happens once`() async throws {
        let transport = AnsweringTransport { _ in .text("read") }
        let looking = try WebRequest(over: transport)
        #expect(looking.policy.permission == .allow && looking.policy.effect == .readOnly)
        for method in ["POST", "post", "DELETE", "CONNECT", "TRACE", "GET x"] {
            let result = try await call(looking, ["url": "https://example.org/", "method": .string(method)])
            #expect(result.isError && result.text.contains("none of the methods"))
        }
        #expect(transport.requests.isEmpty)
        let writing = try WebRequest(over: transport, methods: ["GET", "POST"], policy: .readOnly)
        #expect(writing.policy.permission == .ask)
        #expect(
            try WebRequest(over: transport, methods: ["POST"]).policy
                == ToolPolicy(effect: .atMostOnce, permission: .ask, flow: [.brings, .sends]))
    }

    @Test func `HEAD tells the headers`() async throws {
        let answer = HTTPResponse(
            status: 200, headers: ["content-type": "text/html", "etag": "x", "set-cookie": "secret"])
        let tool = try WebRequest(over: AnsweringTransport { _ in answer })
        let result = try await call(tool, ["url": "https://example.org/", "method": "head"])
        #expect(result.text == "status: 200\ncontent-type: text/html\netag: x")
    }
}
