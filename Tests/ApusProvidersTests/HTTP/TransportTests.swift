import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

@Suite struct TransportTests {
    @Test(arguments: TransportKind.allCases)
    func `status, headers and body of any answer come back`(_ kind: TransportKind) async throws {
        let server = try LocalServer { request, connection in
            connection.answer("418 Teapot", ["X-Kind: short", "X-Kind: stout"], request.path)
        }
        let url = server.url.appending(path: "pot")
        let response = try await kind.make().send(
            HTTPRequest("POST", url, headers: ["Content-Type": "application/json"], body: Array("{}".utf8)))
        #expect(response.status == 418)
        #expect(response.headers["x-kind"]?.contains("short") == true)
        #expect(try await response.text == "/pot")
        #expect(server.requests.map(\.body) == [Array("{}".utf8)])
        #expect(server.requests[0].head.lowercased().contains("content-type: application/json"))
    }

    @Test(arguments: TransportKind.allCases)
    func `a request arrives with its method, its headers and nothing of its own`(_ kind: TransportKind) async throws {
        let server = try LocalServer { _, connection in connection.write("HTTP/1.1 204 Done\r\n\r\n") }
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let response = try await kind.make().send(
                HTTPRequest(method, server.url, headers: ["X-A": "1", "X-B": "ü"]))
            #expect(try await response.text == "")
        }
        #expect(server.requests.map(\.method) == ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        for request in server.requests {
            #expect(request["x-a"] == "1")
            #expect(request["x-b"] == "ü")
            #expect(request["expect"] == nil)
            #expect(request["cookie"] == nil)
        }
    }

    @Test(arguments: TransportKind.allCases)
    func `requests one after the other share a connection`(_ kind: TransportKind) async throws {
        let server = try LocalServer { _, connection in connection.answer() }
        let transport = kind.make()
        for _ in 0..<10 { _ = try await transport.send(HTTPRequest("GET", server.url)).text }
        // A request that follows at once may find the session's connection still busy.
        #expect(Set(server.requests.map(\.connection)).count < 8)
    }

    @Test(arguments: TransportKind.allCases)
    func `many requests at once get each its own answer`(_ kind: TransportKind) async throws {
        let server = try LocalServer { request, connection in connection.answer("200 OK", [], request.path) }
        let transport = kind.make()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let url = server.url.appending(path: "\(number)")
                    let text = try await transport.send(HTTPRequest("GET", url)).text
                    #expect(text == "/\(number)")
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: TransportKind.allCases)
    func `chunks are there before the answer has ended`(_ kind: TransportKind) async throws {
        let mayEnd = DispatchSemaphore(value: 0)
        let server = try LocalServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\n\r\nfirst")
            mayEnd.wait()
            connection.write("last")
            return false
        }
        let response = try await kind.make().send(HTTPRequest("GET", server.url))
        #expect(try await response.body.next() == Array("first".utf8))
        mayEnd.signal()
        #expect(try await response.text == "last")
    }

    @Test(arguments: TransportKind.allCases)
    func `cancelling the task, or letting go of the body, ends the request`(_ kind: TransportKind) async throws {
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
        let transport = kind.make()
        let task = LiveEnvironment().spawn { try await transport.send(HTTPRequest("GET", server.url)) }
        await beginnings.next()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await closings.next()
        _ = try await transport.send(HTTPRequest("GET", server.url.appending(path: "body")))
        await closings.next()
        #expect(server.requests.count == 2)
    }

    @Test(arguments: TransportKind.allCases)
    func `a redirect is returned and not followed`(_ kind: TransportKind) async throws {
        let server = try LocalServer { _, connection in connection.answer("307 Moved", ["Location: /there"]) }
        let response = try await kind.make().send(HTTPRequest("GET", server.url))
        #expect(response.status == 307)
        #expect(response.headers["location"] == "/there")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: TransportKind.allCases)
    func `what has been let go of ends its work first`(_ kind: TransportKind) async throws {
        let server = try LocalServer { _, connection in connection.answer("200 OK", [], "whole") }
        var lone: (any HTTPTransport)? = kind.make()
        weak let watched = lone as AnyObject?
        let response = try #require(try await lone?.send(HTTPRequest("GET", server.url)))
        lone = nil
        #expect(watched == nil)
        #expect(try await response.text == "whole")
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
