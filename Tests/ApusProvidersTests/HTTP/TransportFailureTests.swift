import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

@Suite struct TransportFailureTests {
    private static let cut = [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nhalf",
        "",
    ]

    #if canImport(CCurl)
        // A session of Linux's Foundation takes the whole process down with it here.
        @Test func `a head that is cut is a lost connection`() async throws {
            let server = try LocalServer { _, connection in
                connection.write("HTTP/1.1 200 OK\r\nContent-Le")
                return false
            }
            await #expect { try await CurlTransport().send(HTTPRequest("GET", server.url, limits: .patient)) } throws: {
                ($0 as? HTTPError)?.code == .connectionLost
            }
        }
    #endif

    @Test(arguments: TransportKind.allCases, cut)
    func `an answer that ends too early is a lost connection`(_ kind: TransportKind, _ sent: String) async throws {
        let server = try LocalServer { _, connection in
            connection.write(sent)
            return false
        }
        await #expect {
            let response = try await kind.make().send(HTTPRequest("GET", server.url))
            #expect(try await response.text == "half")
        } throws: {
            ($0 as? HTTPError)?.code == .connectionLost
        }
    }

    @Test(arguments: TransportKind.allCases)
    func `nobody at the port is unreachable, and no address is a bad request`(_ kind: TransportKind) async throws {
        let transport = kind.make()
        await #expect { try await transport.send(HTTPRequest("GET", URL(string: "http://127.0.0.1:1/")!)) } throws: {
            ($0 as? HTTPError)?.code == .unreachable
        }
        for url in ["file:///etc/hosts", "ftp://127.0.0.1/", "http:///path", "http://me:secret@127.0.0.1/"] {
            await #expect { try await transport.send(HTTPRequest("GET", URL(string: url)!)) } throws: {
                ($0 as? HTTPError)?.code == .badRequest && !"\($0)".contains("secret")
            }
        }
    }

    @Test(arguments: TransportKind.allCases)
    func `the time to the first byte and the silence after it are limited by name`(_ kind: TransportKind) async throws {
        let server = try LocalServer { request, connection in
            if request.path == "/late" { connection.write("HTTP/1.1 200 OK\r\n\r\n.") }
            connection.waitUntilClosed()
            return false
        }
        let transport = kind.make()
        var limits = HTTPLimits.patient
        limits.firstByte = .milliseconds(50)
        await #expect(throws: HTTPError(.timedOut, host: "127.0.0.1", limit: .firstByte(limits.firstByte))) {
            try await transport.send(HTTPRequest("GET", server.url, limits: limits))
        }
        limits.firstByte = .seconds(60)
        limits.idle = .milliseconds(50)
        let late = server.url.appending(path: "late")
        let response = try await transport.send(HTTPRequest("GET", late, limits: limits))
        await #expect(throws: HTTPError(.timedOut, host: "127.0.0.1", limit: .idle(limits.idle))) {
            _ = try await response.text
        }
    }

    @Test(arguments: TransportKind.allCases)
    func `a head above its limit is refused by name`(_ kind: TransportKind) async throws {
        let server = try LocalServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\n")
            for number in 0..<200 { connection.write("X-\(number): \(String(repeating: "y", count: 100))\r\n") }
            return connection.write("\r\n")
        }
        var limits = HTTPLimits.patient
        limits.head = 10_000
        await #expect(throws: HTTPError(.tooLarge, host: "127.0.0.1", limit: .head(10_000))) {
            try await kind.make().send(HTTPRequest("GET", server.url, limits: limits))
        }
    }

    @Test(arguments: TransportKind.allCases)
    func `a body above its limit is refused by name`(_ kind: TransportKind) async throws {
        let server = try LocalServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            for _ in 0..<160 where connection.write([UInt8](repeating: 7, count: 65_536)) {}
            return false
        }
        var limits = HTTPLimits.patient
        limits.body = 1_000_000
        let long = try await kind.make().send(HTTPRequest("GET", server.url, limits: limits))
        await #expect(throws: HTTPError(.tooLarge, host: "127.0.0.1", limit: .body(1_000_000))) {
            _ = try await long.text
        }
    }

    @Test(arguments: TransportKind.allCases)
    func `a compressed body is limited by what it becomes`(_ kind: TransportKind) async throws {
        let small = Squeezed(zeros: 10).bytes
        let bomb = Squeezed(zeros: 10_000).bytes
        #expect(bomb.count < 17_000)
        let server = try LocalServer { request, connection in
            let body = request.path == "/bomb" ? bomb : small
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n")
            return connection.write(body)
        }
        let transport = kind.make()
        var limits = HTTPLimits.patient
        limits.body = 1_000_000
        let fine = try await transport.send(HTTPRequest("GET", server.url, limits: limits))
        #expect(try await fine.body.collect(limit: .max) == [UInt8](repeating: 0, count: 2_581))
        let url = server.url.appending(path: "bomb")
        let response = try await transport.send(HTTPRequest("GET", url, limits: limits))
        await #expect(throws: HTTPError(.tooLarge, host: "127.0.0.1", limit: .body(1_000_000))) {
            _ = try await response.body.collect(limit: .max)
        }
    }

    @Test func `a reader who lags behind a session is refused the rest`() async throws {
        let refused = AsyncStream.makeStream(of: Void.self)
        let server = try LocalServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            for _ in 0..<160 where connection.write([UInt8](repeating: 7, count: 65_536)) {}
            refused.continuation.yield()
            return false
        }
        var limits = HTTPLimits.patient
        limits.waiting = 100_000
        let unread = try await URLSessionTransport().send(HTTPRequest("GET", server.url, limits: limits))
        for await _ in refused.stream { break }
        await #expect(throws: HTTPError(.tooLarge, host: "127.0.0.1", limit: .waiting(100_000))) {
            _ = try await unread.text
        }
    }

    @Test func `a session can't hold a request to a policy and says so`() async throws {
        let request = HTTPRequest("GET", URL(string: "https://example.org/")!, policy: .publicInternet)
        await #expect(throws: HTTPError(.cannotEnforce, host: "example.org")) {
            try await URLSessionTransport().send(request)
        }
    }
}
