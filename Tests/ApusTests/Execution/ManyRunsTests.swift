import Apus
import ApusTesting
import Testing

@Suite struct ManyRunsTests {
    /// A forked loop, elements and a subgraph, none of which takes time.
    private func graph() throws -> Graph<Trail> {
        let inner = try Graph<Trail>("inner") { g in
            let (a, b, c) = (g.mark("a"), g.mark("b"), g.mark("c"))
            g.start(at: a)
            g.fork(from: a, to: b, c)
        }
        return try Graph<Trail>("g") { g in
            let (head, left, right) = (g.mark("head"), g.mark("left"), g.mark("right"))
            let (join, end) = (g.mark("join"), g.mark("end"))
            let each = g.forEach("each", \.items) { item, _ in
                item * 2
            } collect: {
                $0.items = $1
            }
            let sub = g.subgraph("sub", inner)
            g.start(at: head)
            g.fork(from: head, to: left, right)
            g.edge(from: left, to: join)
            g.edge(from: right, to: join)
            g.route(from: join, to: [head, each]) { $0.visited("head") < 3 ? head : each }
            g.chain(each, sub, end)
        }
    }

    private let log =
        (0..<3).flatMap { round in ["head", "left", "right", "join"].map { "\($0)#\(round)" } }
        + ["sub/a", "sub/b", "sub/c", "end"]

    private func run(_ count: Int, in environment: any Environment) async throws {
        let (graph, executor) = (try graph(), GraphExecutor(environment: environment))
        try await withThrowingTaskGroup(of: (Int, Trail).self) { group in
            for number in 0..<count {
                group.addTask {
                    var state = Trail()
                    state.items = [number]
                    if number % 2 == 0 { return (number, try await executor.run(graph, from: state)) }
                    return (number, try await executor.start(graph, from: state).value)
                }
            }
            for try await (number, state) in group { #expect(state.items == [2 * number] && state.log == log) }
        }
    }

    @Test func `a thousand runs of one graph at once do not disturb each other`() throws {
        try Simulator(seed: 7).run { try await run(1_000, in: $0) }
    }

    @Test func `nor do they on several threads`() async throws {
        try await run(1_000, in: .live)
    }

    @Test func `runs that are cancelled at once leave the others alone, on several threads`() async throws {
        let (graph, executor) = (try graph(), GraphExecutor())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let run = executor.start(graph, from: Trail())
                    if number % 2 == 0 { run.cancel() }
                    do {
                        #expect(try await run.value.log == log)
                    } catch {
                        #expect(error is CancellationError && number % 2 == 0)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
