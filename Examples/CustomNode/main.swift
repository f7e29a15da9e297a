import Apus
import Synchronization

// A node of your own: a type with what it needs, free of any one state by key paths, with its policy beside it.

/// Where exchange rates come from.
protocol Rates: Sendable {
    func rate(from: String, to: String) async throws -> Double
}

struct Unavailable: Error {}

/// A service that is out of order the first two times.
final class ShakyRates: Rates {
    private let calls = Mutex(0)

    func rate(from: String, to: String) async throws -> Double {
        let call = calls.withLock { calls in
            calls += 1
            return calls
        }
        guard call > 2 else { throw Unavailable() }
        return from == "USD" && to == "EUR" ? 0.92 : 1
    }
}

/// Converts one amount of a state into another, at today's rate.
struct Convert<State: GraphState>: Node {
    let source: any KeyPath<State, Double> & Sendable
    let target: any WritableKeyPath<State, Double> & Sendable
    let rates: any Rates

    func run(_ state: inout State, in context: NodeContext) async throws {
        let rate = try await rates.rate(from: "USD", to: "EUR")
        state[keyPath: target] = state[keyPath: source] * rate
        context.progress("at \(rate), attempt \(context.attempt)")
    }
}

extension GraphBuilder {
    /// Declares a ``Convert`` with the policy that suits a remote service.
    mutating func convert(
        _ id: String, _ source: any KeyPath<State, Double> & Sendable,
        to target: any WritableKeyPath<State, Double> & Sendable, rates: any Rates
    ) -> NodeHandle<State> {
        node(id, Convert(source: source, target: target, rates: rates))
            .retry(.exponential(attempts: 4, first: .milliseconds(10)))
            .timeout(.seconds(2))
    }
}

struct Quote: GraphState {
    var dollars = 120.0
    var euros = 0.0
}

struct Refund: GraphState {
    var paid = 80.0
    var fee = 5.0
    var due = 0.0
    var dueInEuros = 0.0
}

let rates = ShakyRates()

let quoting = try Graph<Quote>("quote") { g in
    g.start(at: g.convert("convert", \.dollars, to: \.euros, rates: rates))
}

let refunding = try Graph<Refund>("refund") { g in
    let settle = g.node("settle") { refund, _ in refund.due = refund.paid - refund.fee }
    let convert = g.convert("convert", \.due, to: \.dueInEuros, rates: rates)
    g.start(at: settle)
    g.chain(settle, convert)
}

let executor = GraphExecutor(environment: .live)
let run = executor.start(quoting, from: Quote())
for try await event in run.events {
    switch event.kind {
    case .retrying(let id, let attempt, let error, _): print("\(id): attempt \(attempt) failed with \(error)")
    case .progress(let id, let text): print("\(id): \(text)")
    default: break
    }
}
print("quote:  \(try await run.value.euros) EUR")
print("refund: \(try await executor.run(refunding, from: Refund()).dueInEuros) EUR")
