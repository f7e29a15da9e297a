import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

/// What a server or a caller sends to use up or to mislead this end of the wire ends in an error (S25).
@Suite struct WireAttackTests {
    private static let forged = [
        "a\r\nHost: evil.example", "a\nb", "a\rb", "a\r\n\r\nGET / HTTP/1.1", "a\0b", "\u{7F}", "a\u{B}b", "\r\n", "\n",
        "a\u{1}",
    ]

    @Test(arguments: TransportKind.allCases, forged)
    func `a header whose value ends its line is never sent`(_ kind: TransportKind, _ value: String) async throws {
        let server = try LocalServer { _, connection in connection.answer() }
        let request = HTTPRequest("GET", server.url, headers: ["X-A": value])
        await #expect { try await kind.make().send(request) } throws: { ($0 as? HTTPError)?.code == .badRequest }
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: [
        "X A", "X\r\nY", "X:", ":path", ":authority", "", "X\0", "Ü", "X/Y", "(X)", "\"X\"", "X,Y", "Content-Length",
        "Transfer-Encoding", "Connection", "Upgrade", "Expect", "TE", "Trailer", "Keep-Alive", "Proxy-Connection",
    ])
    func `a header that is no name, or says where a request ends, is never sent`(_ name: String) async throws {
        let server = try LocalServer { _, connection in connection.answer() }
        for kind in TransportKind.allCases {
            let request = HTTPRequest("POST", server.url, headers: [name: "1"], body: [1, 2, 3])
            await #expect { try await kind.make().send(request) } throws: { ($0 as? HTTPError)?.code == .badRequest }
        }
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: ["GET /x HTTP/1.1\r\nX: ", "GET\r\n", "G T", "", "GET\0", "GÉT", "GET:"])
    func `a method is a word`(_ method: String) async throws {
        let server = try LocalServer { _, connection in connection.answer() }
        for kind in TransportKind.allCases {
            await #expect { try await kind.make().send(HTTPRequest(method, server.url)) } throws: {
                ($0 as? HTTPError)?.code == .badRequest
            }
        }
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: ["/a%0d%0aX:%20y", "/%0a%0a", "/%00", "/a?b=%0d%0a%0d%0aGET%20/"])
    func `what is encoded in a path stays encoded`(_ path: String) async throws {
        let server = try LocalServer { _, connection in connection.answer() }
        for kind in TransportKind.allCases {
            let url = try #require(URL(string: "\(server.url)\(path)"))
            _ = try await kind.make().send(HTTPRequest("GET", url))
        }
        #expect(server.requests.map(\.path) == Array(repeating: path, count: TransportKind.allCases.count))
    }

    @Test(arguments: TransportKind.allCases)
    func `a bomb of zeros is dropped where its reader has enough`(_ kind: TransportKind) async throws {
        let bomb = Squeezed(zeros: 10_000).bytes
        let server = try LocalServer { _, connection in
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n")
            return connection.write(bomb)
        }
        var limits = HTTPLimits.patient
        limits.body = .max
        let response = try await kind.make().send(HTTPRequest("GET", server.url, limits: limits))
        var count = 0
        while count < 100_000, let chunk = try await response.body.next() { count += chunk.count }
        #expect(count >= 100_000)
    }

    #if canImport(CCurl)
        @Test(arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nContent-Encoding: unheard-of\r\n\r\nx", "HTTP/9.9 200 OK\r\n\r\nx",
            "HTTP/1.1 99999 OK\r\n\r\nx",
            "HTTP/1.1\r\n\r\n", "no HTTP at all", "\r\n\r\n", "\0\0\0\0", "ICY 200 OK\r\n\r\nx",
        ])
        func `an answer that is none is an error, or ends as what it says`(_ answer: String) async throws {
            let server = try LocalServer { _, connection in
                connection.write(answer)
                return false
            }
            do {
                let response = try await CurlTransport().send(HTTPRequest("GET", server.url, limits: .patient))
                #expect(try await response.body.collect(limit: 10).count <= 2)
            } catch {
                #expect(error is HTTPError, "\(error)")
            }
        }

        @Test func `an endless head, and leave to go on for ever, are refused by name`() async throws {
            var limits = HTTPLimits.patient
            limits.head = 50_000
            for line in [
                "X: y\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "X: \(String(repeating: "y", count: 10_000))\r\n",
            ] {
                let server = try LocalServer { _, connection in
                    if line.hasPrefix("X") { connection.write("HTTP/1.1 200 OK\r\n") }
                    while connection.write(line) {}
                    return false
                }
                await #expect(throws: HTTPError(.tooLarge, host: "127.0.0.1", limit: .head(50_000))) {
                    try await CurlTransport().send(HTTPRequest("GET", server.url, limits: limits))
                }
            }
        }
    #endif

    @Test func `a line, an event and an element of a stream are bounded while they grow`() {
        let piece = [UInt8](repeating: 120, count: 1_000)
        func isTooLarge(_ feed: ([UInt8]) throws -> Void) -> Bool {
            do {
                for _ in 0..<100 { try feed(piece) }
                return false
            } catch {
                return (error as? HTTPError) == HTTPError(.tooLarge, limit: .event(10_000))
            }
        }
        var events = ServerSentEvents(eventLimit: 10_000)
        #expect(isTooLarge { try events.consume($0) { _ in } })
        var data = ServerSentEvents(eventLimit: 10_000)
        #expect(isTooLarge { try data.consume(Array("data: ".utf8) + $0 + [10]) { _ in } })
        var fields = ServerSentEvents(eventLimit: 10_000)
        #expect(isTooLarge { try fields.consume(Array("id: ".utf8) + $0) { _ in } })
        var lines = NDJSON(lineLimit: 10_000)
        #expect(isTooLarge { try lines.consume($0) { _ in } })
    }
}
