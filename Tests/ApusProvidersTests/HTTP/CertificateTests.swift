#if canImport(CCurl)
    import ApusAgents
    import ApusProviders
    import Foundation
    import Testing

    @Suite struct CertificateTests {
        /// A server that speaks TLS with a certificate of its own making, for the name `trusted.example`.
        private final class SecureServer: Sendable {
            let port: Int
            let certificate: URL
            private let folder: URL
            private let process: Process

            init() throws {
                folder = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID())")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                certificate = folder.appending(path: "certificate.pem")
                let key = folder.appending(path: "key.pem").path
                let making = try Self.start([
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate.path, "-days",
                    "2",
                    "-subj", "/CN=swift", "-addext", "subjectAltName=DNS:trusted.example",
                ])
                making.process.waitUntilExit()
                let serving = try Self.start([
                    "s_server", "-accept", "127.0.0.1:0", "-cert", certificate.path, "-key", key, "-www",
                ])
                process = serving.process
                var printed = ""
                while !printed.contains(#/ACCEPT .*:\d+\n/#) {
                    let more = serving.output.fileHandleForReading.availableData
                    guard !more.isEmpty else { throw POSIXError(.ECHILD) }
                    printed += String(decoding: more, as: UTF8.self)
                }
                port = printed.firstMatch(of: #/ACCEPT .*:(\d+)\n/#).flatMap { Int($0.1) } ?? 0
            }

            deinit {
                process.terminate()
                try? FileManager.default.removeItem(at: folder)
            }

            private static func start(_ arguments: [String]) throws -> (process: Process, output: Pipe) {
                let process = Process()
                let output = Pipe()
                process.executableURL = URL(filePath: "/usr/bin/env")
                process.arguments = ["openssl"] + arguments
                process.standardInput = FileHandle.nullDevice
                process.standardOutput = output
                process.standardError = FileHandle.nullDevice
                try process.run()
                return (process, output)
            }
        }

        @Test func `a certificate has to be signed by somebody trusted, and for that name`() async throws {
            let server = try SecureServer()
            func status(_ name: String, _ authorities: String?) async throws -> Int {
                let options = CurlOptions(authorities: authorities, names: { _ in ["127.0.0.1"] })
                let url = try #require(URL(string: "https://\(name):\(server.port)/"))
                return try await CurlTransport(options).send(HTTPRequest("GET", url, limits: .patient)).status
            }
            #expect(try await status("trusted.example", server.certificate.path) == 200)
            for (name, authorities) in [
                ("trusted.example", nil), ("other.example", server.certificate.path),
                ("trusted.example.org", server.certificate.path), ("sub.trusted.example", server.certificate.path),
            ] {
                await #expect("\(name)") { try await status(name, authorities) } throws: { error in
                    (error as? HTTPError)?.code == .untrusted && (error as? HTTPError)?.host == name
                }
            }
        }
    }
#endif
