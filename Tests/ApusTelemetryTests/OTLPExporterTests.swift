import Apus
import ApusAgents
import ApusTelemetry
import ApusTesting
import Foundation
import Testing

@Suite struct OTLPExporterTests {
    /// A collector that answers as a script says, and 200 behind its end.
    private final class Collector: HTTPTransport {
        private let state: Guarded<(answers: [HTTPResponse?], sizes: [Int], times: [Duration])>
        private let environment: any Environment

        init(_ answers: [HTTPResponse?], _ environment: any Environment) {
            state = Guarded((answers, [], []))
            self.environment = environment
        }

        /// How many spans each request had, and when it came.
        var requests: [(size: Int, time: Duration)] { state.withLock { Array(zip($0.sizes, $0.times)) } }

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            let spans = try JSON(parsing: request.body)["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.elements
            let now = environment.now().uptime
            let answer = state.withLock { state -> HTTPResponse? in
                state.sizes.append(spans?.count ?? -1)
                state.times.append(now)
                return state.answers.isEmpty ? HTTPResponse(status: 200) : state.answers.removeFirst()
            }
            guard let answer else { throw HTTPError(.unreachable, host: "collector") }
            return answer
        }
    }

    private let registry = MetricsRegistry()

    /// Lets an exporter work while `body` does, and then ends it; returns what the collector got.
    private func run(
        _ answers: [HTTPResponse?], queue: Int = 100, attempts: Int = 5,
        _ body: @escaping @Sendable (OTLPExporter, any Environment) async throws -> Void
    ) throws -> [(size: Int, time: Duration)] {
        var options = OTLPExporter.Options()
        (options.encoding, options.queue, options.batch) = (.json, queue, 10)
        let (settings, registry) = (options, registry)
        return try Simulator(seed: 1).run(limit: .seconds(10_000)) { environment in
            let collector = Collector(answers, environment)
            let url = try #require(URL(string: "http://collector:4318/v1/traces"))
            let exporter = OTLPExporter(
                url, resource: OTLPResource(service: "test"), options: settings,
                retry: .exponential(attempts: attempts, first: .seconds(1), jitter: 0), registry: registry,
                transport: collector, environment: environment)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await exporter.run() }
                try await body(exporter, environment)
                group.cancelAll()
            }
            return collector.requests
        }
    }

    private func span(_ number: UInt64, _ environment: any Environment) -> Span {
        let context = TraceContext(trace: TraceID(high: 1, low: 1), span: SpanID(number + 1), isSampled: true)
        return Span("s", context, parent: nil, start: environment.now())
    }

    private func count(_ outcome: String) -> Double? {
        registry.snapshot.value("apus_otlp_spans", where: ["outcome": outcome])
    }

    @Test func `a full batch goes at once, the rest after a while, what is left when it ends`() throws {
        let requests = try run([]) { exporter, environment in
            for number in 0..<13 as Range<UInt64> { exporter.export(span(number, environment)) }
            try await environment.sleep(for: .seconds(6))
            exporter.export(span(20, environment))
        }
        #expect(requests.map(\.size) == [10, 3, 1])
        #expect(count("exported") == 14)
    }

    @Test func `what a collector can't take now is sent again, after as long as it says`() throws {
        let busy = HTTPResponse(status: 429, headers: ["Retry-After": "7"])
        let requests = try run([HTTPResponse(status: 503), busy, nil]) { exporter, environment in
            for number in 0..<10 as Range<UInt64> { exporter.export(span(number, environment)) }
            try await environment.sleep(for: .seconds(60))
        }
        let pauses = zip(requests, requests.dropFirst()).map { $1.time - $0.time }
        #expect(requests.map(\.size) == [10, 10, 10, 10])
        #expect(pauses.count == 3 && pauses[0] >= .seconds(1) && pauses[1] >= .seconds(7), "\(pauses)")
        #expect(count("exported") == 10)
    }

    @Test func `what is refused for good is given up and counted, and part of a batch too`() throws {
        let partial = HTTPResponse(
            status: 200, body: HTTPBody(Array("{\"partialSuccess\":{\"rejectedSpans\":\"4\"}}".utf8)))
        let requests = try run([HTTPResponse(status: 400), partial]) { exporter, environment in
            for number in 0..<20 as Range<UInt64> { exporter.export(span(number, environment)) }
            try await environment.sleep(for: .seconds(60))
        }
        #expect(requests.count == 2)
        #expect(count("failed") == 10 && count("exported") == 6 && count("rejected") == 4)
    }

    @Test func `a queue that is full drops spans and counts them`() throws {
        _ = try run([HTTPResponse](repeating: HTTPResponse(status: 503), count: 3), queue: 30) {
            exporter, environment in
            for number in 0..<50 as Range<UInt64> { exporter.export(span(number, environment)) }
            try await environment.sleep(for: .seconds(60))
        }
        #expect(count("dropped") == 20 && count("exported") == 30)
    }

    @Test func `a collector that never answers does not hold up the end for longer than the grace`() throws {
        let start = try run([HTTPResponse](repeating: HTTPResponse(status: 503), count: 100), attempts: 50) {
            exporter, environment in
            for number in 0..<25 as Range<UInt64> { exporter.export(span(number, environment)) }
            try await environment.sleep(for: .seconds(1))
        }
        #expect(count("failed") == 25)
        let whole = (start.last?.time ?? .zero) - (start.first?.time ?? .zero)
        #expect(whole <= .seconds(10), "\(whole)")
    }
}
