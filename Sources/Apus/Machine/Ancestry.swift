/// Which units of a scope come after which: the paths of forward edges, taken or skipped, as Law 1 says.
struct Ancestry {
    private let plan: GraphPlan
    private var stamps: [UInt32]
    private var stamp: UInt32 = 0
    private var current = -1
    private var depth: Int32 = 0
    /// Units whose predecessors are still to be marked; kept between calls for its memory.
    private var open: [Int32] = []

    init(_ plan: GraphPlan) {
        self.plan = plan
        stamps = Array(repeating: 0, count: plan.nodeCount + plan.loopCount)
    }

    /// Marks the units `unit` comes after, as far back as the place `floor` in graph order.
    mutating func mark(before unit: Int, floor: Int32) {
        if current == unit, depth <= floor { return }
        current = unit
        depth = floor
        stamp += 1
        open.append(Int32(unit))
        while let next = open.popLast() {
            for before in plan.predecessors[Int(next)] where stamps[Int(before)] != stamp {
                guard plan.units[Int(before)].place >= floor else { continue }
                stamps[Int(before)] = stamp
                open.append(before)
            }
        }
    }

    /// Whether the unit marked last comes after `earlier`, which stands at its floor or later.
    func follows(_ earlier: Int) -> Bool { stamps[earlier] == stamp }

    /// Whether `later` comes after `earlier`, both of one scope.
    mutating func isAfter(_ later: Int, _ earlier: Int) -> Bool {
        if plan.units[later].chainedTo == Int32(earlier) { return true }
        let floor = plan.units[earlier].place
        if plan.units[later].place < floor { return false }
        if !plan.predecessors[later].contains(where: { plan.units[Int($0)].place >= floor }) { return false }
        mark(before: later, floor: floor)
        return follows(earlier)
    }
}
