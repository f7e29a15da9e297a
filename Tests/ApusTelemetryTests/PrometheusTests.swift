import Apus
import ApusAgents
import ApusProviders
import Foundation
import Testing

/// What Prometheus itself makes of a page of metrics.
@Suite struct PrometheusTests {
    static let isWanted = OutsideProgram.isWanted { try OutsideProgram.prometheus("promtool") }

    struct Work: GraphState {
        var count = 0
    }

    /// A registry that a run was watched with, and that holds everything that is awkward on a page.
    private func filled() async throws -> MetricsRegistry {
        let registry = MetricsRegistry(seriesLimit: 20)
        let graph = try Graph<Work>("wörk \"of\\art\"\n") { g in
            let step = g.node("step") { state, context in
                state.count += 1
                var call = ModelCall(provider: "openai", model: "gpt-5", duration: .milliseconds(20))
                (call.inputTokens, call.outputTokens, call.cost) = (10, 5, 0.000_012_5)
                context.report(call)
                context.report(ToolInvocation(tool: "search", duration: .seconds(2)))
            }
            let last = g.node("last") { _, _ in }
            g.start(at: step)
            g.edge(from: step, to: last)
        }
        let executor = GraphExecutor(observers: [RunMetrics(registry)])
        for _ in 0..<10 { _ = try await executor.run(graph, from: Work()) }
        let users = registry.counter("logins", "Logins by\nuser with a \\ and a \".", labels: ["user"])
        for user in 0..<100 { users["u\(user)"].increment() }
        registry.gauge("temperature_celsius", "Below zero, and worse.").set(-273.15)
        registry.gauge("nothing_ratio", "No number.").set(.nan)
        registry.gauge("much_bytes", "Very much.").set(.infinity)
        registry.gauge("little_seconds", "Very little.").set(.leastNonzeroMagnitude)
        return registry
    }

    @Test(.enabled(if: isWanted))
    func `promtool accepts the page`() async throws {
        let page = try await filled().page()
        let (text, status) = try await OutsideProgram.output(
            of: OutsideProgram.prometheus("promtool"), ["check", "metrics"], reading: Array(page.utf8))
        #expect(status == 0 && text.isEmpty, "\(text)")
    }

    @Test(.enabled(if: isWanted), .timeLimit(.minutes(60)))
    func `a Prometheus server scrapes the page`() async throws {
        let registry = try await filled()
        let accepts = Guarded<[String]>([])
        let server = try TestServer { connection in
            while let first = connection.line() {
                var accept: String?
                while let line = connection.line(), !line.isEmpty {
                    if line.lowercased().hasPrefix("accept:") { accept = String(line.dropFirst(7)) }
                }
                accepts.withLock { $0.append(first + (accept ?? "")) }
                let format = MetricsFormat(accept: accept)
                let page = registry.page(format)
                connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: \(format.contentType)\r\nContent-Length: \(page.utf8.count)\r\n\r\n"
                        + page)
            }
        }
        let port = try TestServer.freePort()
        let prometheus = try Prometheus(scraping: server.port, listening: port)
        defer { prometheus.stop() }
        let samples = try await value(of: "scrape_samples_scraped", at: port)
        let page = registry.page(.openMetrics)
        let lines = page.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(Int(samples) == lines.count, "every sample of the page")
        #expect(try await value(of: "up", at: port) == 1)
        #expect(try await value(of: "apus_activations_ended_total{node=\"step\"}", at: port) == 10)
        #expect(try await value(of: "logins_total{user=\"other\"}", at: port) == 80)
        #expect(abs(try await value(of: "apus_model_cost_total", at: port) - 0.000_125) < 1e-9)
        #expect(accepts.withLock { $0 }.contains { $0.contains("openmetrics-text") })
    }

    /// What a server answers to a query, when it has an answer.
    private func value(of query: String, at port: Int) async throws -> Double {
        var address = try #require(URLComponents(string: "http://127.0.0.1:\(port)/api/v1/query"))
        address.queryItems = [URLQueryItem(name: "query", value: query)]
        let url = try #require(address.url)
        for _ in 0..<600 {
            if let response = try? await CurlTransport.shared.send(HTTPRequest("GET", url)),
                let body = try? await response.body.collect(limit: 1 << 20),
                let text = try? JSON(parsing: body)["data"]?["result"]?[0]?["value"]?[1]?.text, let value = Double(text)
            {
                return value
            }
            try await LiveEnvironment().sleep(for: .milliseconds(100))
        }
        throw OutsideProgram.Unavailable(name: "answer of Prometheus to \(query)")
    }
}

/// A Prometheus server with a folder of its own.
private final class Prometheus {
    private let process = Process()
    private let folder: URL

    init(scraping target: Int, listening port: Int) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "prometheus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let settings = """
            global: {scrape_interval: 500ms, scrape_timeout: 400ms}
            scrape_configs:
              - {job_name: apus, static_configs: [{targets: ["127.0.0.1:\(target)"]}]}
            """
        let file = folder.appending(path: "prometheus.yml")
        try Data(settings.utf8).write(to: file)
        process.executableURL = try OutsideProgram.prometheus("prometheus")
        process.arguments = [
            "--config.file=\(file.path)", "--storage.tsdb.path=\(folder.appending(path: "data").path)",
            "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
