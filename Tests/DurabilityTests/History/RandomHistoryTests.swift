import Apus
import ApusTesting
import AsideKit
import Testing

/// What must hold for the history of any run: checked on random graphs, each from a seed.
@Suite(.aside) struct RandomHistoryTests {
    private let run = RunID("first")

    /// A random graph whose result depends on nothing but itself, with its run.
    private func recipe(_ seed: UInt64) -> GraphRecipe? {
        let recipe = RecipeGenerator.sound(seed: seed)
        let expected = ReferenceInterpreter.run(RecipeStructure(recipe))
        return expected.isExact && expected.failures.isEmpty && expected.finishes.isEmpty ? recipe : nil
    }

    @Test func `going on from any past point comes to the same`() throws {
        var forks = 0
        for seed in UInt64(1)...40 {
            guard let recipe = recipe(seed) else { continue }
            let graph = try recipe.graph()
            forks += try Simulator(seed: seed).run(decisions: 1_000_000) { environment in
                let storage = MemoryStorage(environment: environment)
                let engine = Engine(storage: storage, environment: environment)
                let executor = GraphExecutor(environment: environment, storage: storage)
                let final = try await executor.run(graph, from: RecipeState(), entry: recipe.entryName, id: run)
                let history = try await engine.history(of: run, graph)
                #expect(try history.last?.state == final, "seed \(seed)")
                var chance = SeededGenerator(seed: seed)
                var forked = 0
                for _ in 0..<3 {
                    let point = Int.random(in: history.points.indices, using: &chance)
                    let open = try history.points[point].open
                    if open.isEmpty { continue }
                    let fork = try await engine.fork(run, graph, at: point)
                    let again = try await executor.resume(graph, id: fork)
                    #expect(again == final, "seed \(seed), point \(point)")
                    let found = try await engine.compare(run, fork, graph)
                    #expect(found.isEqual, "seed \(seed), point \(point): \(found)")
                    forked += 1
                }
                return forked
            }
        }
        #expect(forks > 20)
    }

    @Test func `a replay of any run finds no difference, whatever the schedule`() throws {
        var replays = 0
        for seed in UInt64(1)...40 {
            guard let recipe = recipe(seed) else { continue }
            let graph = try recipe.graph()
            let (capsule, final) = try Simulator(seed: seed).run(decisions: 1_000_000) { environment in
                let storage = MemoryStorage(environment: environment)
                let final = try await GraphExecutor(environment: environment, storage: storage)
                    .run(graph, from: RecipeState(), entry: recipe.entryName, id: run)
                return (try await Engine(storage: storage, environment: environment).export(run, graph), final)
            }
            let report = try Simulator(seed: seed &+ 1_000).run(decisions: 1_000_000) { environment in
                try await capsule.replay(on: graph, environment: environment)
            }
            #expect(report.differences == [], "seed \(seed), \(report.failure ?? "")")
            #expect(report.state == final, "seed \(seed)")
            replays += 1
        }
        #expect(replays > 15)
    }

    @Test func `every point knows a cause that came before it`() throws {
        for seed in UInt64(1)...40 {
            guard let recipe = recipe(seed) else { continue }
            let graph = try recipe.graph()
            let points = try Simulator(seed: seed).run(decisions: 1_000_000) { environment in
                let storage = MemoryStorage(environment: environment)
                _ = try await GraphExecutor(environment: environment, storage: storage)
                    .run(graph, from: RecipeState(), entry: recipe.entryName, id: run)
                return try await Engine(storage: storage, environment: environment).history(of: run, graph).points
            }
            for point in points where point.activation != nil {
                #expect(point.cause.map { $0 < point.number } == true, "seed \(seed), \(point)")
            }
        }
    }
}
