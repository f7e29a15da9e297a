import Apus
import ApusTesting
import Testing

@Suite struct GraphExecutorTests {
    struct Words: GraphState {
        var log: [String] = []
        var total = 0
        var rounds = 0
        static let fields: [Field<Self>] = [
            Field("log", \.log, merging: .append), Field("total", \.total, merging: .sum),
        ]
    }

    @Test func `a chain runs its nodes in order`() async throws {
        let graph = try Graph<Words>("chain") { g in
            let a = g.node("a") { state, _ in state.log.append("a") }
            let b = g.node("b") { state, _ in state.log.append("b") }
            let c = g.node("c") { state, _ in state.log.append("c") }
            g.start(at: a)
            g.chain(a, b, c)
        }
        let final = try await GraphExecutor().run(graph, from: Words())
        #expect(final.log == ["a", "b", "c"])
    }

    @Test func `a join waits for branches of unequal length and applies changes in graph order`() async throws {
        let graph = try Graph<Words>("fork") { g in
            let start = g.node("start") { state, _ in state.log.append("start") }
            let short = g.node("short") { state, _ in
                state.log.append("short"); state.total += 1
            }
            var last = g.node("long0") { state, _ in state.log.append("long0") }
            let first = last
            for index in 1..<10 {
                let next = g.node("long\(index)") { state, _ in
                    state.log.append("long\(index)")
                    state.total += 10
                }
                g.edge(from: last, to: next)
                last = next
            }
            let join = g.node("join") { state, _ in state.log.append("join \(state.total)") }
            g.start(at: start)
            g.fork(from: start, to: short, first)
            g.edge(from: short, to: join)
            g.edge(from: last, to: join)
        }
        let final = try await GraphExecutor().run(graph, from: Words())
        #expect(final.log == ["start", "short"] + (0..<10).map { "long\($0)" } + ["join 91"])
    }

    @Test func `a loop goes back until its route leaves`() async throws {
        let graph = try Graph<Words>("loop") { g in
            let work = g.node("work") { state, context in
                state.rounds += 1
                state.log.append("\(context.activation)")
            }
            let done = g.node("done") { state, _ in state.log.append("done") }
            g.start(at: work)
            g.route(from: work, to: [work, done]) { $0.rounds < 3 ? work : done }
        }
        let final = try await GraphExecutor().run(graph, from: Words())
        #expect(final.log == ["work#0", "work#1", "work#2", "done"])
    }

    @Test func `a loop with a fork inside runs its rounds one after another`() async throws {
        let graph = try Graph<Words>("forked loop") { g in
            let head = g.node("head") { state, _ in state.rounds += 1 }
            let left = g.node("left") { state, context in state.log.append("\(context.activation)") }
            let right = g.node("right") { state, context in state.log.append("\(context.activation)") }
            let join = g.node("join") { _, _ in }
            let done = g.node("done") { state, _ in state.log.append("done") }
            g.start(at: head)
            g.fork(from: head, to: left, right)
            g.edge(from: left, to: join)
            g.edge(from: right, to: join)
            g.route(from: join, to: [head, done]) { $0.rounds < 2 ? head : done }
        }
        let final = try await GraphExecutor().run(graph, from: Words())
        #expect(final.log == ["left#0", "right#0", "left#1", "right#1", "done"])
    }

    @Test func `every composite is one node`() async throws {
        let inner = try Graph<Words>("inner") { g in
            let a = g.node("a") { state, _ in state.log.append("inner") }
            g.start(at: a)
        }
        let graph = try Graph<Words>("composites") { g in
            let fill = g.node("fill") { state, _ in state.log = ["x", "y", "z"] }
            let each = g.forEach("each", \.log, concurrency: 2) { word, context in
                word + "\(context.activation)"
            } collect: { state, results in
                state.log = results
            }
            let race = g.race("race", [Branch("one") { state, _ in state.log.append("won") }])
            let two = g.quorum(
                "two", 2,
                of: [
                    Branch("p") { state, _ in state.log.append("p") },
                    Branch("q") { state, _ in state.log.append("q") },
                ])
            let loop = g.loop("loop", times: 2) { state, context in state.log.append("\(context.activation)") }
            let sub = g.subgraph("sub", inner)
            g.start(at: fill)
            g.chain(fill, each, race, two, loop, sub)
        }
        let final = try await GraphExecutor().run(graph, from: Words())
        #expect(final.log == ["xeach[0]", "yeach[1]", "zeach[2]", "won", "p", "q", "loop[0]", "loop[1]", "inner"])
    }

    @Test func `concurrent writers of an exclusive field fail the run and are named`() async throws {
        struct Plain: GraphState { var value = 0 }
        let graph = try Graph<Plain>("conflict") { g in
            let start = g.node("start") { _, _ in }
            let left = g.node("left") { state, _ in state.value = 1 }
            let right = g.node("right") { state, _ in state.value = 2 }
            g.start(at: start)
            g.fork(from: start, to: left, right)
        }
        let error = await #expect(throws: RunError.self) { try await GraphExecutor().run(graph, from: Plain()) }
        #expect(error?.code == .stateConflict)
        #expect(Set((error?.underlying as? StateError)?.writers ?? []) == ["left", "right"])
    }
}
