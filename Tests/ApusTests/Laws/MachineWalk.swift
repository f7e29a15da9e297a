@testable import Apus
import ApusTesting

/// One run of the machine in which the activations under way end in a random order.
///
/// It takes the place of the driver: there are no tasks, no state and no time.
struct MachineWalk: ~Copyable {
    private(set) var ran: [RecipeVisit] = []
    private(set) var failed: [RecipeVisit] = []
    private(set) var skipped: [RecipeVisit] = []
    private(set) var complaints: [String] = []
    private let structure: RecipeStructure
    private let choices: RecipeChoices
    private var random: SeededGenerator
    private var machine: RunMachine
    /// The activations under way.
    private var open: [RecipeVisit] = []
    private var hasEnded = false
    private var steps: [String: Int] = [:]

    init(_ plan: GraphPlan, _ structure: RecipeStructure, _ choices: RecipeChoices, seed: UInt64) {
        self.structure = structure
        self.choices = choices
        random = SeededGenerator(seed: seed)
        machine = RunMachine(plan)
        machine.isLogging = seed % 2 == 0
    }

    mutating func run() {
        follow(machine.start(structure.recipe.entry))
        while !open.isEmpty {
            let visit = open.remove(at: Int(random.next() % UInt64(open.count)))
            follow(end(visit))
        }
        if !hasEnded { complaints.append("nothing is under way and the run has not ended") }
    }

    private mutating func end(_ visit: RecipeVisit) -> RunMachine.Next {
        if machine.phase == .finishing { return machine.cancelled(visit.node) }
        let key = structure.stepKey(of: visit.node)
        let pick = choices.pick(visit.node, visit.iterations, steps: key.flatMap { steps[$0] } ?? 0)
        guard case .exit(let branches) = pick else {
            failed.append(visit)
            return machine.failed(visit.node)
        }
        ran.append(visit)
        if let key { steps[key, default: 0] += 1 }
        if case .select = structure.recipe.nodes[visit.node].exit {
            return machine.completed(visit.node, subset: branches)
        }
        return machine.completed(visit.node, choice: branches[0])
    }

    private mutating func follow(_ next: RunMachine.Next) {
        for (node, rounds) in machine.skipped(in: machine.takeLog()) { skipped.append(visit(node, rounds)) }
        switch next {
        case .run(let node): begin(node)
        case .several: for node in machine.takeReady() { begin(node) }
        case .wait: break
        case .finished: hasEnded = true
        case .stuck: complaints.append("the machine is stuck")
        }
        if hasEnded, !open.isEmpty { complaints.append("the run has ended while \(open) are under way") }
    }

    private mutating func begin(_ node: Int) {
        let visit = visit(node, machine.iterations(around: node))
        if machine.exceedsLimit(node) != choices.exceedsLimit(node, visit.iterations) {
            complaints.append("the limit of the loop at \(visit) is taken differently")
        }
        open.append(visit)
    }

    private func visit(_ node: Int, _ rounds: [Int]) -> RecipeVisit {
        RecipeVisit(node, Array(rounds.prefix(structure.headers(around: node).count)))
    }
}
