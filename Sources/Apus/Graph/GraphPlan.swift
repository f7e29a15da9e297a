/// A graph compiled for the machine: who waits for what, in rows of integers.
///
/// Units 0 ..< nodes are nodes, nodes + k is loop k; scope 0 is the top, scope k + 1 the inside of loop k.
final class GraphPlan: Sendable {
    /// What an edge does when its source ends.
    enum EdgeKind: UInt8 { case direct, leaving, back, walk }

    struct Edge: BitwiseCopyable {
        var kind: EdgeKind
        /// The number of its case.
        var number: Int32
        /// The unit it leads to in its scope; -1 for `back` and `walk`.
        var unit: Int32
        /// The node it leads to.
        var target: Int32
        /// The loop it goes back in or the loop whose end decides it; -1 otherwise.
        var loop: Int32
    }

    struct Unit: BitwiseCopyable {
        var scope: Int32
        /// How many edges of its scope lead to it.
        var incoming: Int32
        /// Its place in the graph order of its scope.
        var place: Int32
        /// What its start waits for besides its edges.
        var holds: Int32
        /// Its only predecessor, if that has no other successor; -1 otherwise.
        var chainedTo: Int32
        /// The node that follows it whatever happens, if that waits for nothing else; -1 otherwise.
        var follower: Int32
        /// The number of the case that begins the next round of a loop which is this node alone; -1 otherwise.
        var again: Int32
        /// The number of its failure case; -1 if it has none.
        var failureCase: Int32
        var ends: Bool
        var isConstrained: Bool
    }

    let names: [String]
    let entries: [String]
    let nodeCount: Int
    let loopCount: Int
    let units: RawTable<Unit>
    let edges: RawTable<Edge>
    /// The edges of node u are `rows[u] ..< rows[u + 1]`; those of the starts follow at `nodeCount + k`.
    let rows: RawTable<Int32>
    /// The units of each scope in graph order.
    let members: [[Int32]]
    /// The header of each loop; -1 in a region.
    let headers: RawTable<Int32>
    let iterationLimits: RawTable<Int32>
    /// The edges that the end of each loop decides.
    let leaving: [[Int32]]
    /// The units that lead to each unit in its scope.
    let predecessors: [[Int32]]
    /// The cases that end the graph, as node and number.
    let finishing: Set<CaseReference>
    let constraints: TimeConstraints
    /// Whether there are any.
    let isConstrained: Bool
    /// The exits as declared.
    let exits: [ExitShape]

    struct CaseReference: Hashable, Sendable {
        var node: Int
        var number: Int
    }

    init(_ units: GraphUnits, entries: [String], limits: [Int32], constraints: TimeConstraints) {
        let shape = units.shape
        names = shape.names
        exits = shape.exits
        self.entries = entries
        nodeCount = shape.count
        loopCount = units.forest.loops.count
        self.constraints = constraints
        isConstrained = !constraints.milestones.isEmpty || !constraints.regions.isEmpty
        members = units.order.map { $0.map(Int32.init) }
        headers = RawTable(units.forest.loops.map { Int32($0.header ?? -1) })
        iterationLimits = RawTable(limits)
        var builder = PlanBuilder(units)
        builder.build()
        rows = RawTable(builder.rows)
        edges = RawTable(builder.edges)
        leaving = builder.leaving
        predecessors = builder.predecessors
        finishing = builder.finishing
        builder.hold(constraints)
        self.units = RawTable(builder.rowsOfUnits)
    }

    deinit {
        units.free()
        edges.free()
        rows.free()
        headers.free()
        iterationLimits.free()
    }

    /// Whether something starts without an entry.
    var hasStart: Bool { rows[nodeCount] < rows[nodeCount + 1] }

    /// The scope a unit stands in.
    @inline(__always)
    func scope(of unit: Int) -> Int { Int(units[unit].scope) }

    /// The loop that has `node` as its header, or -1.
    @inline(__always)
    func loop(headedBy node: Int) -> Int {
        let scope = self.scope(of: node)
        return scope > 0 && headers[scope - 1] == Int32(node) ? scope - 1 : -1
    }

    /// The loop or region that `node` enters when it starts from outside, or -1.
    func enclosing(_ node: Int) -> Int {
        let scope = self.scope(of: node)
        return scope > 0 && (headers[scope - 1] == Int32(node) || headers[scope - 1] < 0) ? scope - 1 : -1
    }

    /// The nodes of a unit: itself, or all inside a loop.
    func nodes(in unit: Int) -> [Int] {
        if unit < nodeCount { return [unit] }
        return members[unit - nodeCount + 1].flatMap { nodes(in: Int($0)) }
    }

    /// The loops around a unit, innermost first, as loop numbers.
    func loops(around node: Int) -> [Int] {
        var scope = self.scope(of: node)
        var found: [Int] = []
        while scope > 0 {
            found.append(scope - 1)
            scope = self.scope(of: nodeCount + scope - 1)
        }
        return found
    }
}
