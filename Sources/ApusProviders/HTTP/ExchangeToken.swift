import Apus
import ApusAgents

/// Ends its exchange when the last one who holds it lets go.
final class ExchangeToken: Sendable {
    private let exchange: Exchange
    private let stop: @Sendable () -> Void

    /// - Parameter stop: Has the network's side stop, unless it has.
    init(_ exchange: Exchange, stop: @escaping @Sendable () -> Void) {
        self.exchange = exchange
        self.stop = stop
    }

    deinit { stop() }

    /// The answer, once its head is there; its body holds this token.
    func response(_ environment: any Environment) async throws -> HTTPResponse {
        let limits = exchange.limits
        let head = try await within(limits.firstByte, .firstByte(limits.firstByte), environment) {
            try await $0.head()
        }
        let body = HTTPBody {
            if let ready = try self.exchange.ready() { return ready }
            return try await self.within(limits.idle, .idle(limits.idle), environment) { try await $0.chunk() }
        }
        return HTTPResponse(status: head.status, headers: head.headers, body: body)
    }

    /// What `body` draws from the exchange in the time there is; when the task is cancelled meanwhile, the exchange ends.
    private func within<Value: Sendable>(
        _ time: Duration, _ limit: HTTPLimit, _ environment: any Environment,
        _ body: @escaping @Sendable (Exchange) async throws -> Value
    ) async throws -> Value {
        try await environment.within(time) {
            try await withTaskCancellationHandler {
                try await body(self.exchange)
            } onCancel: {
                self.exchange.end(.failure(CancellationError()))
                self.stop()
            }
        } onTimeout: {
            HTTPError(.timedOut, host: self.exchange.host, limit: limit)
        }
    }
}
