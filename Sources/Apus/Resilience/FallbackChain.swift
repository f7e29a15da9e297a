/// Ways to the same answer, asked in order: when one fails, the next one that takes such a failure over is asked.
///
/// ```swift
/// let weather = FallbackChain { try await ask("https://weather.example") }
///     .or(when: { $0 is ResilienceError }) { try await ask("https://other.example") }
///     .or { "no forecast" }
/// print(try await weather.run())
///
/// @Sendable func ask(_ address: String) async throws -> String { "fine" }
/// ```
public struct FallbackChain<Value: Sendable>: Sendable {
    private struct Alternative: Sendable {
        let accepts: @Sendable (any Error) -> Bool
        let body: @Sendable () async throws -> Value
    }

    private let first: @Sendable () async throws -> Value
    private var others: [Alternative] = []

    public init(_ first: @escaping @Sendable () async throws -> Value) { self.first = first }

    /// The same chain with one more way at its end, for failures of the ways before that `accepts` lets through.
    public func or(
        when accepts: @escaping @Sendable (any Error) -> Bool = { _ in true },
        _ body: @escaping @Sendable () async throws -> Value
    ) -> Self {
        var chain = self
        chain.others.append(Alternative(accepts: accepts, body: body))
        return chain
    }

    /// The answer of the first way that has one; throws what the last way that was asked threw. Where the task is cancelled nobody else is
    /// asked.
    public func run() async throws -> Value {
        var failure: any Error
        do {
            return try await first()
        } catch {
            failure = error
        }
        for other in others where !Task.isCancelled && other.accepts(failure) {
            do {
                return try await other.body()
            } catch {
                failure = error
            }
        }
        throw failure
    }
}
