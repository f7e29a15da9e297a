import Apus

extension Workload {
    /// Branches that sum up and append, and their join: such that end at once, and such that give way first.
    static let fork = Workload("fork") {
        [
            try await compareFork("fork", bars: [.ratio(2)]) { Sign(number: $0) },
            try await compareFork("fork giving way", bars: []) { Yield(number: $0) },
        ]
    }

    private static func compareFork<Branch: Node<Tally>>(
        _ name: String, bars: [Figure.Bar], of branch: (Int) -> Branch
    ) async throws -> Figure {
        let width = 10_000
        let context = try await RawNodes.context()
        let executor = GraphExecutor()
        let graph = try Shapes.fork(width, of: branch)
        let nodes = RawNodes((0..<width).map(branch))
        let times = try await Contest(rounds: 20).time {
            let final = try await executor.run(graph, from: Tally())
            try MeasureError.expect(final.total, width + 2)
            try MeasureError.expect(final.seen.count, width)
        } against: {
            let final = try await rawFork(nodes, context)
            try MeasureError.expect(final.total, width)
            try MeasureError.expect(final.seen.count, width)
        }
        return Figure(
            workload: name, n: width, apus: times.first / Double(width), raw: times.second / Double(width),
            unit: "µs/branch", bars: bars)
    }

    /// One task a branch on a copy of the state; what they did is put together by hand, in the order of the branches.
    static func rawFork(_ nodes: RawNodes, _ context: NodeContext) async throws -> Tally {
        let before = Tally()
        let results = try await withThrowingTaskGroup(of: (Int, Tally).self) { group in
            for number in 0..<nodes.count {
                group.addTask {
                    var state = before
                    try await nodes.base[number].run(&state, in: context)
                    return (number, state)
                }
            }
            var results: [Tally?] = Array(repeating: nil, count: nodes.count)
            for try await (number, state) in group { results[number] = state }
            return results
        }
        var final = before
        for case let state? in results {
            final.total += state.total - before.total
            final.seen += state.seen[before.seen.count...]
        }
        return final
    }

    /// Elements of a collection, their results in order.
    static let forEach = Workload("forEach") {
        let count = 100_000
        let executor = GraphExecutor()
        let graph = try Shapes.forEach(concurrency: 64)
        let initial = Tally(numbers: Array(0..<count))
        let limits = GraphLimits(steps: count * 2)
        let times = try await Contest(rounds: 10).time {
            let final = try await GraphExecutor(limits: limits).run(graph, from: initial)
            try MeasureError.expect(final.seen[count - 1], (count - 1) * 3)
        } against: {
            var final = initial
            final.seen += try await rawForEach(initial.numbers) { number, _ in number &* 3 }
            final.total += final.seen.count
            try MeasureError.expect(final.seen[count - 1], (count - 1) * 3)
        }
        return [
            Figure(
                workload: "forEach", n: count, apus: times.first / Double(count), raw: times.second / Double(count),
                unit: "µs/element", bars: [.ratio(1)])
        ]
    }

    /// One task an element.
    private static func rawForEach(
        _ elements: [Int], _ body: @escaping @Sendable (Int, Int) async throws -> Int
    ) async throws -> [Int] {
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for (index, element) in elements.enumerated() {
                group.addTask { (index, try await body(element, index)) }
            }
            var results = Array(repeating: 0, count: elements.count)
            for try await (index, result) in group { results[index] = result }
            return results
        }
    }

    /// Many runs at once, each of five nodes that sleep.
    static let sleepers = Workload("sleepers") {
        let count = 10_000
        let executor = GraphExecutor()
        let graph = try Shapes.chain(5, of: Nap())
        let times = try await Contest(rounds: 5).time {
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<count {
                    group.addTask { try MeasureError.expect(try await executor.run(graph, from: Tally()).total, 5) }
                }
            }
        } against: {
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<count {
                    group.addTask {
                        var state = Tally()
                        for _ in 0..<5 {
                            try await Task.sleep(for: .milliseconds(10))
                            state.total &+= 1
                        }
                        try MeasureError.expect(state.total, 5)
                    }
                }
            }
        }
        return [
            Figure(
                workload: "sleepers", n: count, apus: times.first / 1_000, raw: times.second / 1_000, unit: "ms",
                bars: [.ratio(1.3)])
        ]
    }
}
