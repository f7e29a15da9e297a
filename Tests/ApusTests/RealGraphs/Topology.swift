import ApusTesting
import CorpusKit

/// What a user connected with what, without names and parameters.
struct Topology: Decodable {
    struct Node: Decodable {
        var id: String
        var type: String?
    }

    struct Edge: Decodable {
        var from: String
        var to: String
        var label: String?
        var kind: String
        var conditional: Bool?

        var carriesExecution: Bool { kind == "control" || kind == "error" }
    }

    var id: String
    var format: String
    var nodes: [Node]
    var edges: [Edge]

    static let formats = ["n8n", "dify", "flowise", "langflow", "langgraph"]

    /// All topologies in the order of their files.
    static func all() throws -> [Topology] {
        try formats.flatMap { try Corpus.lines(of: "workflows/\($0).topologies.jsonl.gz", as: Topology.self) }
    }
}

/// A topology as a recipe, together with what its positions mean.
struct TopologyRecipe {
    var recipe: GraphRecipe
    /// The label of each case of each node's route; empty for nodes without one.
    var labels: [[String]]
    private var indices: [String: Int] = [:]

    /// Nodes without edges are dropped, outputs are the cases of a route, and each root is an entry of its own.
    ///
    /// Where nothing carries execution, all edges do, and all outputs of a node are taken.
    init(_ topology: Topology) {
        let control = topology.edges.filter(\.carriesExecution)
        let edges = control.isEmpty ? topology.edges : control
        let connected = Set(edges.flatMap { [$0.from, $0.to] })
        let nodes = topology.nodes.filter { connected.contains($0.id) }
        for (index, node) in nodes.enumerated() { indices[node.id] = index }
        labels = Array(repeating: [], count: nodes.count)
        recipe = GraphRecipe(entries: [], nodes: nodes.map { NodeRecipe($0.id) })
        for (index, node) in nodes.enumerated() {
            let outgoing = edges.filter { $0.from == node.id }
            if control.isEmpty { recipe.nodes[index].exit = fork(outgoing) } else { setExit(of: index, outgoing) }
        }
        let targets = Set(edges.map(\.to))
        recipe.entries = nodes.indices.filter { !targets.contains(nodes[$0].id) }.map { [$0] }
        addEntriesOfClosedCycles()
    }

    func index(of id: String) -> Int? { indices[id] }

    func id(of index: Int) -> String { recipe.nodes[index].name }

    private func fork(_ edges: [Topology.Edge]) -> ExitRecipe {
        edges.isEmpty ? .end : .to(targets(edges))
    }

    private func targets(_ edges: [Topology.Edge]) -> [Int] {
        edges.compactMap { indices[$0.to] }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private mutating func setExit(of index: Int, _ edges: [Topology.Edge]) {
        // A drawn conditional edge is an output of its own, even where it has no label.
        func output(_ edge: Topology.Edge) -> String {
            edge.conditional == true ? "\(edge.label ?? "")>\(edge.to)" : edge.label ?? ""
        }
        var outputs: [String] = []
        for edge in edges where !outputs.contains(output(edge)) { outputs.append(output(edge)) }
        guard outputs.count > 1 else { return recipe.nodes[index].exit = fork(edges) }
        labels[index] = outputs
        recipe.nodes[index].exit = .route(outputs.map { label in targets(edges.filter { output($0) == label }) })
    }

    /// A cycle that no root leads to starts at its first node.
    private mutating func addEntriesOfClosedCycles() {
        let all = Set(recipe.nodes.indices)
        while let closed = all.subtracting(RecipeStructure(recipe).reachable).min() { recipe.entries.append([closed]) }
    }
}
