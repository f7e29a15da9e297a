#if canImport(CCurl)
    import Apus
    import ApusAgents
    import ApusProviders
    import Foundation
    import Testing

    /// A name leads where it leads when the socket connects, whatever it led to before (S6, S7, S8).
    @Suite struct RebindingTests {
        /// Says one answer after the other, the last for ever.
        private final class Resolver: Sendable {
            private let answers: Guarded<[[String]]>
            private let asked = Guarded(0)

            init(_ answers: [[String]]) { self.answers = Guarded(answers) }

            var count: Int { asked.withLock { $0 } }

            func addresses(of name: String) -> [String] {
                asked.withLock { $0 += 1 }
                return answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            }

            func transport() -> CurlTransport {
                var options = CurlOptions(names: { self.addresses(of: $0) })
                options.idleSeconds = 86_400
                return CurlTransport(options)
            }
        }

        private static func isRefused(_ error: any Error) -> Bool { (error as? HTTPError)?.code == .refused }

        /// 127.0.0.1 plays the public internet here.
        private static func policy(_ server: LocalServer) throws -> NetworkPolicy {
            try NetworkPolicy(ports: [server.port], networks: ["127.0.0.1"])
        }

        private static func url(_ name: String, _ server: LocalServer) -> URL {
            URL(string: "http://\(name):\(server.port)/")!
        }

        @Test func `a name that leads to the inside at its second use is refused at the socket`() async throws {
            let server = try LocalServer { _, connection in connection.answer("200 OK", ["Connection: close"], "in") }
            let resolver = Resolver([["127.0.0.1"], ["127.0.0.2"]])
            let transport = resolver.transport()
            let saved = HTTPRequest(
                "GET", Self.url("saved.example", server), limits: .patient, policy: try Self.policy(server))
            #expect(try await transport.send(saved).text == "in")
            for _ in 0..<3 {
                await #expect { try await transport.send(saved) } throws: { Self.isRefused($0) }
            }
            #expect(server.requests.count == 1)
            #expect(resolver.count == 4)
        }

        @Test(arguments: [
            "127.0.0.1", "127.0.0.2", "10.0.0.1", "169.254.169.254", "192.168.0.1", "172.16.0.1", "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1", "255.255.255.255", "168.63.129.16", "[::1]", "[::]", "[::ffff:127.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::1]", "[2001:0:7f00:1::]",
            "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]",
        ])
        func `whatever name leads to the inside is refused before a socket is there`(address: String) async throws {
            let transport = Resolver([[address]]).transport()
            for name in ["inside.example", "localhost", "metadata.google.internal"] {
                let request = HTTPRequest(
                    "GET", URL(string: "http://\(name)/")!, limits: .patient, policy: .publicInternet)
                await #expect("\(name)") { try await transport.send(request) } throws: {
                    Self.isRefused($0) && ($0 as? HTTPError)?.host == name
                }
            }
        }

        @Test func `of several addresses only those that are allowed are tried`() async throws {
            let server = try LocalServer { _, connection in connection.answer("200 OK", [], "in") }
            let transport = Resolver([["127.0.0.2", "[::1]", "127.0.0.1"]]).transport()
            let request = HTTPRequest(
                "GET", Self.url("mixed.example", server), limits: .patient, policy: try Self.policy(server))
            #expect(try await transport.send(request).text == "in")
        }

        @Test func `an open connection carries only what would have been allowed to open it`() async throws {
            let server = try LocalServer { _, connection in connection.answer("200 OK", [], "in") }
            var request = HTTPRequest("GET", Self.url("name.example", server), limits: .patient)
            let ports: Set = [server.port]
            let named = Resolver([["127.0.0.1"]]).transport()
            #expect(try await named.send(request).text == "in")
            request.policy = try NetworkPolicy(ports: ports, networks: ["127.0.0.0/8"])
            #expect(try await named.send(request).text == "in")
            request.policy = try NetworkPolicy(ports: ports, networks: ["127.0.0.2"])
            let barred = request
            await #expect { try await named.send(barred) } throws: { Self.isRefused($0) }
            #expect(server.requests.map(\.connection) == [0, 0])
        }

        @Test func `a redirect to the inside is refused at every hop`() async throws {
            let inside = try LocalServer { _, connection in connection.answer("200 OK", [], "secret") }
            let server = try LocalServer { request, connection in
                let hop = Int(request.path.dropFirst()) ?? 0
                let next = hop < 2 ? "/\(hop + 1)" : "http://inside.example:\(inside.port)/"
                return connection.answer("302 Found", ["Location: \(next)"])
            }
            let names: @Sendable (String) -> [String] = { $0 == "inside.example" ? ["127.0.0.2"] : ["127.0.0.1"] }
            let transport = CurlTransport(CurlOptions(names: names))
            let policy = try NetworkPolicy(ports: [server.port, inside.port], networks: ["127.0.0.1"])
            let request = HTTPRequest("GET", Self.url("outside.example", server), limits: .patient, policy: policy)
            await #expect { try await transport.send(request, following: 5) } throws: { Self.isRefused($0) }
            #expect(server.requests.count == 3)
            #expect(inside.requests.isEmpty)
        }

        @Test func `no proxy carries a request with a policy`() async throws {
            let proxy = try LocalServer { request, connection in connection.answer("200 OK", [], request.path) }
            let server = try LocalServer { _, connection in connection.answer("200 OK", [], "straight") }
            let options = CurlOptions(proxy: "http://127.0.0.1:\(proxy.port)", names: { _ in ["127.0.0.1"] })
            let transport = CurlTransport(options)
            var request = HTTPRequest(
                "GET", Self.url("a.example", server), limits: .patient, policy: try Self.policy(server))
            #expect(try await transport.send(request).text == "straight")
            #expect(proxy.requests.isEmpty)
            request.policy = nil
            #expect(try await transport.send(request).text == "http://a.example:\(server.port)/")
        }
    }
#endif
