import Apus
import ApusTesting
import Synchronization
import Testing

/// Forks so wide that branches take over from one another, without a task of their own.
@Suite struct WideForkTests {
    /// `width` branches between a start and a join.
    private static func fork(
        _ width: Int, _ branch: (inout GraphBuilder<Trail>, Int) -> NodeHandle<Trail>
    ) throws -> Graph<Trail> {
        try Graph("wide") { g in
            let (first, join) = (g.mark("first"), g.mark("join"))
            let branches = (0..<width).map { branch(&g, $0) }
            for branch in branches { g.edge(from: branch, to: join) }
            g.start(at: first)
            g.fork(from: first, to: branches)
        }
    }

    @Test(arguments: 0..<UInt64(20))
    func `changes come in graph order whoever took over from whom`(seed: UInt64) throws {
        let graph = try Self.fork(300) { g, number in
            g.node("branch \(number)") { state, context in
                for _ in 0..<(number &* 7 % 4) { await Task.yield() }
                state.note(context)
            }
        }
        let names = ["first"] + (0..<300).map { "branch \($0)" } + ["join"]
        #expect(try simulate(graph, seed: seed).state.log == names, "seed \(seed)")
    }

    @Test func `branches that wait for the last one all start`() async throws {
        let width = 400
        let gate = Gate()
        let graph = try Self.fork(width) { g, number in
            g.node("branch \(number)") { state, _ in
                if number == width - 1 { gate.open() } else { await gate.wait() }
                state.sum += 1
            }
        }
        #expect(try await GraphExecutor().run(graph, from: Trail()).sum == width)
        let simulated = try Self.fork(width) { g, number in
            g.mark("branch \(number)", takes: number == width - 1 ? .zero : .seconds(1))
        }
        #expect(try simulate(simulated).time == .seconds(1))
    }

    @Test func `a branch that cancels its own task cancels no other`() throws {
        let graph = try Self.fork(200) { g, number in
            let branch = g.node("branch \(number)") { state, _ in
                if number == 0 { withUnsafeCurrentTask { $0?.cancel() } }
                state.sum += 1
            }
            return number == 0 ? branch : branch.timeout(.seconds(1))
        }
        #expect(try simulate(graph).state.sum == 200)
    }

    @Test func `a failure keeps what has no task yet from starting`() throws {
        let gauge = Gauge()
        let graph = try Self.fork(3_000) { g, number in
            g.node("branch \(number)") { _, context in
                try await gauge.during(context.nodeID) { if number == 3 { throw Trouble() } }
            }
        }
        let error = #expect(throws: RunError.self) { try simulate(graph) }
        #expect(error?.underlying as? Trouble == Trouble())
        #expect(gauge.started < 2_000)
        #expect(gauge.running == 0)
    }
}

/// Lets all through once it is open.
private final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Guarded(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let woken = state.withLock { state in
            defer { state.waiting = [] }
            state.isOpen = true
            return state.waiting
        }
        for continuation in woken { continuation.resume() }
    }
}
