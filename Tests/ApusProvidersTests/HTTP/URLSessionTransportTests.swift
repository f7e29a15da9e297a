import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

@Suite struct URLSessionTransportTests {
    private let transport = URLSessionTransport()

    private func text(_ response: HTTPResponse) async throws -> String {
        String(decoding: try await response.body.collect(limit: .max), as: UTF8.self)
    }

    @Test func `status, headers and body of any answer come back`() async throws {
        let server = try LocalServer { request, connection in
            connection.answer("418 Teapot", ["X-Kind: short", "X-Kind: stout"], request.path)
        }
        let url = server.url.appending(path: "pot")
        let response = try await transport.send(
            HTTPRequest("POST", url, headers: ["Content-Type": "application/json"], body: Array("{}".utf8)))
        #expect(response.status == 418)
        #expect(response.headers["x-kind"]?.contains("short") == true)
        #expect(try await text(response) == "/pot")
        #expect(server.requests.map(\.body) == [Array("{}".utf8)])
        #expect(server.requests[0].head.contains("Content-Type: application/json"))
    }

    @Test func `requests one after the other share a connection`() async throws {
        let server = try LocalServer { _, connection in connection.answer() }
        for _ in 0..<10 { _ = try await text(transport.send(HTTPRequest("GET", server.url))) }
        // A request that follows at once may find the connection still busy.
        #expect(Set(server.requests.map(\.connection)).count < 8)
    }

    @Test func `chunks are there before the answer has ended`() async throws {
        let mayEnd = DispatchSemaphore(value: 0)
        let server = try LocalServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\n\r\nfirst")
            mayEnd.wait()
            connection.write("last")
            return false
        }
        let response = try await transport.send(HTTPRequest("GET", server.url))
        #expect(try await response.body.next() == Array("first".utf8))
        mayEnd.signal()
        #expect(try await text(response) == "last")
    }

    @Test func `an answer that ends too early is a lost connection`() async throws {
        let server = try LocalServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            return false
        }
        let response = try await transport.send(HTTPRequest("GET", server.url))
        await #expect { try await text(response) } throws: { ($0 as? HTTPError)?.code == .connectionLost }
    }

    @Test func `nobody at the port is unreachable, and no address is a bad request`() async throws {
        let server = try LocalServer { _, _ in false }
        let nobody = URL(string: "http://127.0.0.1:1/")!
        await #expect { try await transport.send(HTTPRequest("GET", nobody)) } throws: {
            ($0 as? HTTPError)?.code == .unreachable
        }
        await #expect(throws: HTTPError(.badRequest)) {
            try await transport.send(HTTPRequest("GET", URL(filePath: "/file")))
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `the time to the first byte and the silence after it are limited by name`() async throws {
        let server = try LocalServer { request, connection in
            if request.path == "/late" { connection.write("HTTP/1.1 200 OK\r\n\r\n.") }
            connection.waitUntilClosed()
            return false
        }
        var limits = HTTPLimits()
        limits.firstByte = .milliseconds(50)
        await #expect(throws: HTTPError(.timedOut, host: "127.0.0.1", limit: .firstByte(limits.firstByte))) {
            try await transport.send(HTTPRequest("GET", server.url, limits: limits))
        }
        limits.firstByte = .seconds(60)
        limits.idle = .milliseconds(50)
        let late = server.url.appending(path: "late")
        let response = try await transport.send(HTTPRequest("GET", late, limits: limits))
        await #expect(throws: HTTPError(.timedOut, host: "127.0.0.1", limit: .idle(limits.idle))) {
            try await text(response)
        }
    }

    @Test func `a body above its limit, or ahead of its reader, is refused by name`() async throws {
        let refused = AsyncStream.makeStream(of: Void.self)
        let server = try LocalServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            for _ in 0..<160 where connection.write([UInt8](repeating: 7, count: 65_536)) {}
            refused.continuation.yield()
            return false
        }
        var refusals = refused.stream.makeAsyncIterator()
        var limits = HTTPLimits()
        limits.body = 1_000_000
        let long = try await transport.send(HTTPRequest("GET", server.url, limits: limits))
        await #expect(throws: HTTPError(.tooLarge, host: "127.0.0.1", limit: .body(1_000_000))) { try await text(long) }
        await refusals.next()
        limits.body = .max
        limits.waiting = 100_000
        let unread = try await transport.send(HTTPRequest("GET", server.url, limits: limits))
        await refusals.next()
        await #expect(throws: HTTPError(.tooLarge, host: "127.0.0.1", limit: .waiting(100_000))) {
            try await text(unread)
        }
    }

    @Test func `cancelling the task, or letting go of the body, ends the request`() async throws {
        let closed = AsyncStream.makeStream(of: Void.self)
        let begun = AsyncStream.makeStream(of: Void.self)
        let server = try LocalServer { request, connection in
            if request.path == "/body" { connection.write("HTTP/1.1 200 OK\r\n\r\n.") }
            begun.continuation.yield()
            connection.waitUntilClosed()
            closed.continuation.yield()
            return false
        }
        var closings = closed.stream.makeAsyncIterator()
        var beginnings = begun.stream.makeAsyncIterator()
        let task = LiveEnvironment().spawn { [transport] in try await transport.send(HTTPRequest("GET", server.url)) }
        await beginnings.next()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await closings.next()
        _ = try await transport.send(HTTPRequest("GET", server.url.appending(path: "body")))
        await closings.next()
        #expect(server.requests.count == 2)
    }

    @Test func `a redirect is followed within an origin and returned across origins`() async throws {
        let other = try LocalServer { _, connection in connection.answer() }
        let server = try LocalServer { request, connection in
            switch request.path {
            case "/here": connection.answer("307 Moved", ["Location: /there"])
            case "/away": connection.answer("307 Moved", ["Location: \(other.url)/key"])
            default: connection.answer("200 OK", [], request.path)
            }
        }
        let key: HTTPHeaders = ["Authorization": "Bearer secret"]
        let here = try await transport.send(HTTPRequest("GET", server.url.appending(path: "here"), headers: key))
        #expect(try await text(here) == "/there")
        let away = try await transport.send(HTTPRequest("GET", server.url.appending(path: "away"), headers: key))
        #expect(away.status == 307)
        #expect(other.requests.isEmpty)
    }

    @Test func `a transport that nobody holds lets go of its session's delegate`() async throws {
        let server = try LocalServer { _, connection in connection.answer("200 OK", [], "whole") }
        var lone: URLSessionTransport? = URLSessionTransport()
        weak let watched = lone
        let response = try #require(try await lone?.send(HTTPRequest("GET", server.url)))
        lone = nil
        #expect(watched == nil)
        #expect(try await text(response) == "whole")
    }

    @Test func `neither requests nor headers print their secrets`() {
        let request = HTTPRequest(
            "GET", URL(string: "https://example.org/?key=secret")!, headers: ["Authorization": "secret"],
            body: Array("secret".utf8))
        var dumped = ""
        dump(request, to: &dumped)
        #expect(!"\(request) \(request.headers) \(String(reflecting: request)) \(dumped)".contains("secret"))
    }
}
