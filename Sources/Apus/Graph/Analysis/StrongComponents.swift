/// Tarjan's strongly connected components, without recursion, over a part of a graph.
struct StrongComponents {
    private let edges: ShapeEdges
    private var index: [Int32]
    private var low: [Int32]
    private var onStack: [Bool]
    private var stack: [Int] = []
    private var counter: Int32 = 0

    init(_ edges: ShapeEdges) {
        self.edges = edges
        index = Array(repeating: -1, count: edges.nodeCount)
        low = index
        onStack = Array(repeating: false, count: edges.nodeCount)
    }

    /// The components of `nodes` that hold a cycle, in topological order. Edges into `header` and edges that leave the part
    /// do not count.
    mutating func cycles(among nodes: [Int], header: Int?, isMember: (Int) -> Bool) -> [[Int]] {
        for node in nodes { index[node] = -1 }
        counter = 0
        var found: [[Int]] = []
        for node in nodes where index[node] < 0 {
            visit(node, header: header, isMember: isMember, found: &found)
        }
        return found.reversed()
    }

    private mutating func visit(_ root: Int, header: Int?, isMember: (Int) -> Bool, found: inout [[Int]]) {
        var frames: [(node: Int, next: Int)] = []
        open(root, &frames)
        while let (node, next) = frames.last {
            if next < edges.row(node).upperBound {
                frames[frames.count - 1].next += 1
                let target = edges[next].target
                guard target != header, isMember(target) else { continue }
                if index[target] < 0 {
                    open(target, &frames)
                } else if onStack[target] {
                    low[node] = min(low[node], index[target])
                }
            } else {
                frames.removeLast()
                if let parent = frames.last { low[parent.node] = min(low[parent.node], low[node]) }
                if low[node] == index[node] { close(node, header: header, found: &found) }
            }
        }
    }

    private mutating func open(_ node: Int, _ frames: inout [(node: Int, next: Int)]) {
        index[node] = counter
        low[node] = counter
        counter += 1
        stack.append(node)
        onStack[node] = true
        frames.append((node, edges.row(node).lowerBound))
    }

    private mutating func close(_ root: Int, header: Int?, found: inout [[Int]]) {
        var members: [Int] = []
        while let node = stack.popLast() {
            onStack[node] = false
            members.append(node)
            if node == root { break }
        }
        let isCycle =
            members.count > 1
            || (root != header && edges.row(root).contains { edges[$0].target == root })
        if isCycle { found.append(members.sorted()) }
    }
}
