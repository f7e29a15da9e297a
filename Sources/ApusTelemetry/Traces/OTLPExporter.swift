public import Apus
public import ApusAgents
public import Foundation

/// Hands spans to a collector by the OpenTelemetry protocol over HTTP.
///
/// ``export(_:)`` puts a span into a queue and never waits; when the queue is full the span is dropped and counted. ``run()`` sends
/// what has gathered, when a batch is full or after a while. What a collector can't take now (429, 502, 503, 504, no connection) is
/// sent again, after as long as it says or as the policy has it, while the queue goes on filling. Anything else it refuses is given
/// up. What became of the spans counts in `apus_otlp_spans_total`.
public final class OTLPExporter: SpanExporter {
    /// How it sends.
    public struct Options: Sendable, Hashable {
        public var encoding = OTLPEncoding.protobuf
        /// How many spans wait at most.
        public var queue = 8_192
        /// How many spans a request has at most.
        public var batch = 512
        /// How long a span waits for others.
        public var period: Duration = .seconds(5)
        /// How long a request may take.
        public var timeout: Duration = .seconds(10)
        /// How long what is left may take when ``OTLPExporter/run()`` is cancelled, beside a request that is under way.
        public var grace: Duration = .seconds(5)
        /// Sent with each request, such as a key.
        public var headers: HTTPHeaders = [:]

        public init() {}
    }

    private let endpoint: URL
    private let resource: OTLPResource
    private let options: Options
    private let retry: RetryPolicy
    private let transport: any HTTPTransport
    private let environment: any Environment
    private let outcomes: MetricFamily<Counter>
    private let queue: SpanQueue
    /// When what is left is given up, once that is known.
    private let deadline = Guarded<Instant?>(nil)

    /// `endpoint` is the whole address, most often `http://localhost:4318/v1/traces`.
    public init(
        _ endpoint: URL, resource: OTLPResource, options: Options = Options(),
        retry: RetryPolicy = .exponential(attempts: 8, first: .seconds(1)), registry: MetricsRegistry,
        transport: any HTTPTransport, environment: any Environment = .live
    ) {
        self.endpoint = endpoint
        self.resource = resource
        self.options = options
        self.retry = retry
        self.transport = transport
        self.environment = environment
        outcomes = registry.counter(
            "apus_otlp_spans", "Spans by what became of them: exported, dropped for want of room, rejected, failed.",
            labels: ["outcome"])
        queue = SpanQueue(limit: options.queue, batch: options.batch)
        let queue = queue
        registry.gauge("apus_otlp_queue_length", "Spans that wait to be sent.") { Double(queue.count) }
    }

    public func export(_ span: Span) {
        if !queue.put(span) { outcomes["dropped"].increment() }
    }

    /// Sends spans until the task is cancelled, and then what is left.
    @concurrent
    public func run() async {
        let work = environment.spawn { await self.work() }
        await withTaskCancellationHandler {
            _ = await work.result
        } onCancel: {
            queue.close()
        }
    }

    private func work() async {
        while !queue.isClosed {
            await queue.wait(options.period, environment)
            while let batch = queue.next() { await send(batch) }
        }
        while left > .zero, let batch = queue.next() { await send(batch) }
        outcomes["failed"].increment(by: queue.drain())
    }

    /// How long it may go on; for ever as long as nobody ends it.
    private var left: Duration {
        guard queue.isClosed else { return .seconds(Int64.max / 1_000) }
        let now = environment.now()
        let end = deadline.withLock { deadline in
            let end = deadline ?? now.advanced(by: options.grace)
            deadline = end
            return end
        }
        return now.duration(to: end)
    }

    /// Sends a batch until it is taken, refused for good, or it is time to stop.
    private func send(_ batch: [Span]) async {
        let body = options.encoding.body(batch, of: resource)
        var number = 1
        while true {
            switch await attempt(body, of: batch.count) {
            case .taken(let rejected):
                outcomes["exported"].increment(by: batch.count - rejected)
                if rejected > 0 { outcomes["rejected"].increment(by: rejected) }
                return
            case .refused: return outcomes["failed"].increment(by: batch.count)
            case .later(let pause):
                guard left > .zero, number < retry.attempts else {
                    return outcomes["failed"].increment(by: batch.count)
                }
                let chance = environment.random()
                let delay = retry.delay(after: number, error: OTLPBusy(), chance: chance)
                await queue.pause(min(left, max(delay, pause ?? .zero)), environment)
                number += 1
            }
        }
    }

    private enum Answer { case taken(rejected: Int), refused, later(after: Duration?) }

    private func attempt(_ body: [UInt8], of count: Int) async -> Answer {
        var headers = options.headers
        headers["content-type"] = options.encoding.rawValue
        let request = HTTPRequest("POST", endpoint, headers: headers, body: body)
        do {
            let (status, wait, answer) = try await within(max(.milliseconds(1), min(left, options.timeout))) {
                [transport] in
                let response = try await transport.send(request)
                let wait = response.headers["retry-after"].flatMap(Double.init).map { Duration.seconds($0) }
                return (response.status, wait, try await response.body.collect(limit: 1 << 16))
            }
            switch status {
            case 200..<300: return .taken(rejected: min(count, OTLPAnswer(answer, options.encoding).rejected))
            case 429, 502, 503, 504: return .later(after: wait)
            default: return .refused
            }
        } catch let error as HTTPError where error.code == .badRequest || error.code == .refused {
            return .refused
        } catch {
            return .later(after: nil)
        }
    }

    private func within<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let environment = environment
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask(executorPreference: environment.executor) { try await body() }
            group.addTask(executorPreference: environment.executor) {
                try await environment.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else { throw OTLPBusy() }
            return value
        }
    }
}

/// The collector does not take spans at the moment.
struct OTLPBusy: Error {}
