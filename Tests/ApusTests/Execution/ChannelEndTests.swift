import Apus
import ApusTesting
import Testing

/// A reader ends when no sender can send any more, whatever became of them.
@Suite struct ChannelEndTests {
    struct Oops: Error {}

    @Test func `a failure that keeps the sender from starting ends the reader`() throws {
        let graph = try Graph<Nothing>("failure") { g in
            let s = g.idle("s")
            let a = g.node("a") { _, context in
                try await context.environment.sleep(for: .seconds(1))
                throw Oops()
            }
            let send = g.idle("send")
            let channel = g.channel("lines", of: Int.self, from: send)
            let read = g.read("read", channel)
            g.start(at: s)
            g.fork(from: s, to: read, a)
            g.edge(from: a, to: send)
        }
        #expect(throws: RunError.self) { try Self.run(graph) }
    }

    @Test func `a loop that ends when a race in it has worked on ends the reader`() throws {
        let graph = try Graph<Nothing>("rest") { g in
            let (s, send) = (g.idle("s"), g.idle("send"))
            let branches = (1...2).map { number in
                Branch<Nothing>("b\(number)") { _, context in
                    try await context.environment.sleep(for: .seconds(number))
                }
            }
            let race = g.race("race", branches, rest: .runsOn)
            let channel = g.channel("lines", of: Int.self, from: send)
            let read = g.read("read", channel)
            g.start(at: s)
            g.fork(from: s, to: read, send)
            g.edge(from: send, to: race)
            g.route(from: race, to: [send, .end]) { _ in .end }
        }
        _ = try Self.run(graph)
    }

    @Test func `a sender that is under way when another node fails still sends`() throws {
        struct Sums: GraphState {
            var sum = 0
            static let fields: [Field<Self>] = [Field("sum", \.sum, merging: .sum)]
        }
        let graph = try Graph<Sums>("under way") { g in
            let s = g.node("s") { _, _ in }
            let a = g.node("a") { _, _ in throw Oops() }
            let mend = g.node("mend") { _, _ in }
            let slow = g.node("slow") { _, context in try await context.environment.sleep(for: .seconds(1)) }
            let channel = g.channel("lines", of: Int.self, from: slow)
            let read = g.forEach("read", channel) { value, _ in
                value
            } collect: { state, values in
                state.sum = values.reduce(0, +)
            }
            g.start(at: s)
            g.fork(from: s, to: read, slow, a)
            g.onFailure(of: a, to: mend)
        }
        _ = try Simulator(seed: 3).run { environment in
            try await GraphExecutor(environment: environment).run(graph, from: Sums())
        }
    }

    private static func run(_ graph: Graph<Nothing>) throws -> Nothing {
        try Simulator(seed: 1).run { environment in
            try await GraphExecutor(environment: environment).run(graph, from: Nothing())
        }
    }
}
