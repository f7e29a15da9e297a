import Apus

/// A state to which every node adds.
struct Sum: GraphState {
    var names: [String] = []
    var total = 0
    static let fields: [Field<Self>] = [
        Field("names", \.names, merging: .append), Field("total", \.total, merging: .sum),
    ]
}

/// What nodes and effects did, in order.
final class Trace: Sendable {
    private let lines = Guarded<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
    func count(_ line: String) -> Int { all.filter { $0 == line }.count }
}

/// The records of a run, as they are stored.
func records(of run: RunID, in storage: any Storage) async throws -> [JournalRecord] {
    let excerpt = try await JournalReader(storage, run).excerpt()
    if let damage = excerpt.damage { throw damage }
    return excerpt.entries.map(\.record)
}

extension Graph<Sum> {
    /// Nodes one after the other, each with an effect of which `trace` hears the key.
    static func chain(_ count: Int, _ trace: Trace, named name: String = "chain") throws -> Graph<Sum> {
        try Graph<Sum>(name) { g in
            let nodes = (0..<count).map { number in
                g.node("n\(number)") { state, context in
                    try await context.step("effect") { key in trace.add(key) }
                    state.names.append("n\(number)")
                    state.total += 1
                }
            }
            g.start(at: nodes[0])
            for (node, next) in zip(nodes, nodes.dropFirst()) { g.edge(from: node, to: next) }
        }
    }
}
