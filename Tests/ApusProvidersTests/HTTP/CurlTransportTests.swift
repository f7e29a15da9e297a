#if canImport(CCurl)
    import Apus
    import ApusAgents
    import ApusProviders
    import Foundation
    import Testing

    @Suite struct CurlTransportTests {
        @Test func `requests one after the other take one connection, of an endless server too`() async throws {
            let server = try LocalServer { _, connection in connection.answer("200 OK", [], "all") }
            var options = CurlOptions()
            options.idleSeconds = 86_400
            let transport = CurlTransport(options)
            for _ in 0..<20 {
                #expect(try await transport.send(HTTPRequest("GET", server.url, limits: .patient)).text == "all")
            }
            #expect(Set(server.requests.map(\.connection)) == [0])
            var alone = HTTPRequest("POST", server.url, limits: .patient)
            alone.sharesConnections = false
            for _ in 0..<3 { #expect(try await transport.send(alone).text == "all") }
            #expect(Set(server.requests.suffix(3).map(\.connection)) == [1, 2, 3])
            #expect(try await transport.send(HTTPRequest("GET", server.url, limits: .patient)).text == "all")
            #expect(server.requests.last?.connection == 0)
        }

        @Test func `there are no more connections to a host than allowed`() async throws {
            let server = try LocalServer { _, connection in connection.answer("200 OK", [], "all") }
            let transport = CurlTransport(connections: 3)
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<60 {
                    group.addTask { try await transport.send(HTTPRequest("GET", server.url, limits: .patient)).text }
                }
                for try await text in group { #expect(text == "all") }
            }
            #expect(Set(server.requests.map(\.connection)).count <= 3)
        }

        @Test func `a reader who lags stops the server, and misses nothing`() async throws {
            let blocked = AsyncStream.makeStream(of: Int.self)
            let piece = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 * 31) }
            let pieces = 800
            let server = try LocalServer { _, connection in
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(pieces * piece.count)\r\n\r\n")
                var sent = 0
                var isBlocked = false
                for _ in 0..<pieces {
                    if !isBlocked, !connection.canWrite(within: 500) {
                        isBlocked = true
                        blocked.continuation.yield(sent)
                    }
                    connection.write(piece)
                    sent += piece.count
                }
                if !isBlocked { blocked.continuation.yield(sent) }
                return true
            }
            var limits = HTTPLimits.patient
            limits.waiting = 100_000
            let response = try await CurlTransport().send(HTTPRequest("GET", server.url, limits: limits))
            var measures = blocked.stream.makeAsyncIterator()
            let sent = try #require(await measures.next())
            // What waits for the reader, and what the system holds on both sides of the connection.
            #expect(sent < 20 << 20, "the server sent \(sent) bytes to somebody who does not read")
            var count = 0
            while let chunk = try await response.body.next() {
                #expect(chunk.first == UInt8(truncatingIfNeeded: count * 31))
                #expect(chunk.count <= 200_000)
                count += chunk.count
            }
            #expect(count == pieces * piece.count)
        }

        @Test func `one who does not read holds up nobody else`() async throws {
            let server = try LocalServer { request, connection in
                if request.path == "/short" { return connection.answer("200 OK", [], "short") }
                connection.write("HTTP/1.1 200 OK\r\n\r\n")
                while connection.write([UInt8](repeating: 7, count: 65_536)) {}
                return false
            }
            let transport = CurlTransport()
            let unread = try await transport.send(HTTPRequest("GET", server.url, limits: .patient))
            for _ in 0..<20 {
                let url = server.url.appending(path: "short")
                #expect(try await transport.send(HTTPRequest("GET", url, limits: .patient)).text == "short")
            }
            #expect(try await unread.body.next()?.first == 7)
        }

        @Test func `a server that does not take the connection runs out of the time to connect`() async throws {
            let server = try FullServer()
            var limits = HTTPLimits.patient
            limits.connect = .milliseconds(50)
            await #expect {
                try await CurlTransport().send(HTTPRequest("GET", server.url, limits: limits))
            } throws: {
                let error = $0 as? HTTPError
                return error?.code == .timedOut && error?.limit == .connect(limits.connect)
            }
        }

        @Test func `a head may come in many ways`() async throws {
            // Leave to go on, a value that goes on in the next line, no blanks, and fields at the end of the body.
            let server = try LocalServer { _, connection in
                connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
                connection.write("HTTP/1.1 200\r\nX-Long: one\r\n\ttwo\r\nX-Bare:three\r\nX-Empty:\r\n")
                connection.write("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: late\r\n\r\n")
                return true
            }
            let response = try await CurlTransport().send(HTTPRequest("GET", server.url, limits: .patient))
            #expect(try await response.text == "abc")
            #expect(response.status == 200)
            let expected: HTTPHeaders = [
                "x-long": "one two", "x-bare": "three", "x-empty": "", "transfer-encoding": "chunked",
            ]
            #expect(response.headers == expected)
        }
    }
#endif
