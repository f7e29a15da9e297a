import ApusTesting

/// What Dify's engine ran on a topology, with stub nodes.
struct DifyTrace: Decodable {
    var topology: String
    var root: String
    var branchChoices: [String: String]
    var succeeded: [String]
}

/// What LangGraph ran on a topology, with stub nodes.
struct LangGraphTrace: Decodable {
    enum Join: String, Decodable { case any, all }

    var topology: String
    var join: Join
    var roots: [String]
    var waitingJoins: [String]
    var branchChoices: [String: [String]]
    var supersteps: [[String]]
    var status: String

    /// Whether no node ran twice: where one did, a join was no join.
    var ranEachOnce: Bool { supersteps.joined().count == Set(supersteps.joined()).count }

    /// Whether a waiting join never ran although some of the branches into it came.
    func starves(on topology: Topology) -> Bool {
        let ran = Set(supersteps.joined())
        return waitingJoins.contains { join in
            let sources = topology.edges.filter { $0.carriesExecution && $0.to == join }.map(\.from)
            return !ran.isSuperset(of: sources) && !ran.isDisjoint(with: sources)
        }
    }
}

extension TopologyRecipe {
    /// The recipe started at these roots, all others being entries that stay unused, with the choices that were written down.
    func scripted(roots: [String], choices: [String: [String]]) -> GraphRecipe {
        var scripted = recipe
        scripted.entries = [roots.compactMap { index(of: $0) }] + recipe.entries
        for (id, chosen) in choices {
            guard let node = index(of: id) else { continue }
            let cases = chosen.compactMap { labels[node].firstIndex(of: $0) }
            if !cases.isEmpty { scripted.script[node] = cases }
        }
        return scripted
    }
}
