import Apus
import ApusTesting

/// A saga drawn from a seed: a line of steps, some of which are subgraphs, elements or branches, and one of which may fail.
struct SagaRecipe: Sendable {
    enum Shape: Sendable {
        /// A node that registers its compensation as it completes.
        case plain
        /// A node that does two things and registers each.
        case double
        /// A graph with two nodes.
        case sub
        /// Elements, one after the other.
        case each
        /// Two branches side by side that join in the next step.
        case fork
    }

    var shapes: [Shape]
    /// The step at which the run fails; beyond the last one it completes.
    var failing: Int
    /// Whether the failing step does something before it fails, that is undone too.
    var failsLate: Bool
    /// How often a compensation is refused before it works.
    var refusals: [Int]
    var policy: SagaPolicy

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0x5A6A))
        let kinds: [Shape] = [.plain, .plain, .double, .sub, .each, .fork]
        shapes = (0..<2 + generator.below(4)).map { _ in kinds[generator.below(kinds.count)] }
        failing = generator.below(shapes.count + 1)
        failsLate = generator.below(2) == 0
        refusals = shapes.map { _ in generator.below(4) == 0 ? 1 + generator.below(2) : 0 }
        policy = generator.below(2) == 0 ? .onFailure : .onFailureOrCancellation
    }
}

/// The graph of a recipe, whose outside is a book.
struct SagaWork: Sendable {
    let recipe: SagaRecipe
    let book: SagaBook
    let outside: SimulatedOutside

    func graph() throws -> Graph<Trip> {
        try Graph<Trip>("saga") { g in
            g.saga(recipe.policy)
            let undo = g.compensation("undo", of: String.self, retry: .constant(attempts: 4, delay: .milliseconds(20)))
            {
                try await book.undo($0, $1, refused: refusals(of: $0))
            }
            var before: [NodeHandle<Trip>] = []
            for (number, shape) in recipe.shapes.enumerated() {
                let nodes = try step(number, shape, undo, &g)
                if before.isEmpty { g.start(at: nodes) }
                for node in before { g.fork(from: node, to: nodes) }
                before = nodes
            }
        }
    }

    private func refusals(of thing: String) -> Int {
        thing.first?.wholeNumberValue.map { recipe.refusals[$0] } ?? 0
    }

    /// Things are named by the number of their step and a letter.
    private func step(
        _ number: Int, _ shape: SagaRecipe.Shape, _ undo: Compensation<String>, _ g: inout GraphBuilder<Trip>
    ) throws -> [NodeHandle<Trip>] {
        let fails = number == recipe.failing
        let name = "s\(number)"
        switch shape {
        case .plain: return [node(name, ["\(number)a"], undo, fails: fails, &g)]
        case .double: return [double(number, undo, fails: fails, &g)]
        case .sub:
            let inner = try Graph<Trip>("inner") { g in
                let first = node("first", ["\(number)a"], undo, fails: false, &g)
                let second = node("second", ["\(number)b"], undo, fails: fails, &g)
                g.start(at: first)
                g.chain(first, second)
            }
            return [g.subgraph(name, inner)]
        case .each: return [each(number, undo, fails: fails, &g)]
        case .fork:
            return [
                node("\(name)l", ["\(number)a"], undo, fails: false, &g),
                node("\(name)r", ["\(number)a"], undo, fails: fails, &g),
            ]
        }
    }

    private func double(
        _ number: Int, _ undo: Compensation<String>, fails: Bool, _ g: inout GraphBuilder<Trip>
    ) -> NodeHandle<Trip> {
        g.node("s\(number)") { _, context in
            for letter in ["a", "b"] {
                try await act("\(number)\(letter)", context)
                try await context.compensate(undo, with: "\(number)\(letter)")
            }
            if fails { throw Refusal(what: "s\(number)") }
        }
    }

    private func each(
        _ number: Int, _ undo: Compensation<String>, fails: Bool, _ g: inout GraphBuilder<Trip>
    ) -> NodeHandle<Trip> {
        g.forEach("s\(number)", \.items, concurrency: 1) { item, context in
            let thing = "\(number)\(item == "pen" ? "a" : "b")"
            try await act(thing, context)
            try await context.compensate(undo, with: thing)
            if fails, item == "ink" { throw Refusal(what: "s\(number)") }
            return item
        } collect: { _, _ in
        }
    }

    private func node(
        _ name: String, _ things: [String], _ undo: Compensation<String>, fails: Bool, _ g: inout GraphBuilder<Trip>
    ) -> NodeHandle<Trip> {
        let failsLate = recipe.failsLate
        return g.node(name) { _, context in
            outside.begins(context)
            if fails, !failsLate { throw Refusal(what: name) }
            for thing in things { try await act("\(thing) \(name)", context) }
            if fails {
                for thing in things { try await context.compensate(undo, with: "\(thing) \(name)") }
                throw Refusal(what: name)
            }
        }
        .compensated(by: undo) { _ in "\(things[0]) \(name)" }
    }

    private func act(_ thing: String, _ context: NodeContext) async throws {
        _ = try await outside.step("act \(thing)", in: context)
        book.did(thing)
    }
}

/// What the outside of a simulated saga saw.
final class SagaBook: Sendable {
    private struct State {
        var done: [String] = []
        var undone: [String] = []
        var keys: [String: String] = [:]
        var calls: [String: Int] = [:]
        var complaints: [String] = []
    }

    private let state = Guarded(State())

    func did(_ thing: String) {
        state.withLock { if !$0.done.contains(thing) { $0.done.append(thing) } }
    }

    /// Takes a thing back, unless it was; the first calls are refused.
    func undo(_ thing: String, _ context: CompensationContext, refused: Int) async throws {
        try await context.environment.sleep(for: .milliseconds(5))
        // A dead host does nothing.
        guard (context.environment as? HostEnvironment)?.host.isAlive != false else { throw CancellationError() }
        try state.withLock { state in
            state.calls[thing, default: 0] += 1
            if state.calls[thing, default: 0] <= refused { throw Refusal(what: thing) }
            if let key = state.keys[thing], key != context.key { state.complaints.append("\(thing) has two keys") }
            if state.keys.updateValue(context.key, forKey: thing) == nil { state.undone.append(thing) }
        }
        try await context.environment.sleep(for: .milliseconds(5))
    }

    var done: [String] { state.withLock { $0.done } }
    var undone: [String] { state.withLock { $0.undone } }
    var complaints: [String] { state.withLock { $0.complaints } }
}

extension SagaWork {
    /// What is wrong with how the run ended.
    func judge(_ ending: DurableEnding<Trip>) -> [String] {
        var complaints = book.complaints
        let isUndone: Bool
        switch ending.head.status {
        case .completed: isUndone = false
        case .failed: isUndone = true
        case .cancelled: isUndone = recipe.policy.causes.contains(.cancellation) || !book.undone.isEmpty
        default: return ["it is \(ending.head.status)"]
        }
        if recipe.failing < recipe.shapes.count, ending.head.status == .completed { complaints.append("it completed") }
        let expected = isUndone ? book.done.filter { isCompleted($0, ending) } : []
        let found = book.undone
        for thing in expected where !found.contains(thing) { complaints.append("\(thing) was not undone") }
        // A node that was cancelled may have registered what it had done by then.
        let allowed = ending.wasCancelled ? book.done.filter { !$0.contains(" ") || isOfFailing($0) } : []
        for thing in found where !(expected + allowed).contains(thing) {
            complaints.append("\(thing) was undone, and not done")
        }
        // What is in a later step, or later in one, is undone first.
        for (first, second) in zip(found, found.dropFirst()) where Self.place(first) < Self.place(second) {
            complaints.append("\(first) was undone before \(second)")
        }
        return complaints
    }

    /// Whether a thing has to be undone: its node has completed, or is the one that failed.
    private func isCompleted(_ thing: String, _ ending: DurableEnding<Trip>) -> Bool {
        if ending.head.status == .failed, isOfFailing(thing) { return true }
        guard let number = thing.first?.wholeNumberValue else { return false }
        let parts = thing.split(separator: " ").map(String.init)
        let places = parts.count == 2 ? [parts[1], "s\(number)/\(parts[1])"] : ["s\(number)"]
        return places.contains { ending.completed.contains($0) }
    }

    /// Whether it is of the node that fails.
    private func isOfFailing(_ thing: String) -> Bool {
        guard let number = thing.first?.wholeNumberValue, number == recipe.failing else { return false }
        return !thing.hasSuffix("first") && !thing.hasSuffix("l")
    }

    private static func place(_ thing: String) -> Int {
        let letters = Array(thing.utf8.prefix(2))
        return Int(letters[0]) * 256 + Int(letters[1])
    }
}
