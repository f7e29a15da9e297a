/// Identifiers for the things of an outline that no name can disturb: `n0`, `n3_0_1`, `nstart`.
struct OutlineNaming {
    let prefix: String

    static let root = OutlineNaming(prefix: "n")

    var start: String { prefix + "start" }
    func end(finish: Bool) -> String { prefix + (finish ? "finish" : "end") }
    func node(_ position: Int) -> String { prefix + "\(position)" }
    func loop(_ cluster: Int) -> String { "\(prefix)loop\(cluster)" }
    /// The names within a graph inside of a node.
    func inner(_ node: Int, _ graph: Int) -> OutlineNaming { OutlineNaming(prefix: "\(prefix)\(node)_\(graph)_") }
    func group(_ node: Int, _ graph: Int) -> String { "\(prefix)\(node)_\(graph)" }
}
