import Apus

/// Counts how many nodes are under way, and how many were at most.
final class Gauge: Sendable {
    private struct Counts {
        var running = 0
        var most = 0
        var started = 0
        var order: [String] = []
    }

    private let counts = Guarded(Counts())

    var running: Int { counts.withLock { $0.running } }
    var most: Int { counts.withLock { $0.most } }
    var started: Int { counts.withLock { $0.started } }
    /// The names of what ran, in the order in which it started.
    var order: [String] { counts.withLock { $0.order } }

    /// Performs `body` as something under way, which it is until `body` has ended however it ends.
    func during<Result>(_ name: String, _ body: () async throws -> Result) async throws -> Result {
        counts.withLock { counts in
            counts.running += 1
            counts.started += 1
            counts.most = max(counts.most, counts.running)
            counts.order.append(name)
        }
        defer { counts.withLock { $0.running -= 1 } }
        return try await body()
    }
}

extension GraphBuilder where State == Trail {
    /// A node that notes its activation after `time` and counts as under way until then.
    mutating func mark(_ id: String, takes time: Duration, in gauge: Gauge) -> NodeHandle<Trail> {
        node(id) { state, context in
            try await gauge.during(context.nodeID) { try await context.environment.sleep(for: time) }
            state.note(context)
        }
    }
}
