/// Every decision about a run of one graph, as a plain value.
///
/// It takes one input at a time (a node completed with a choice, failed, was cancelled …) and says what is next.
/// It knows nothing of the state, has no clock and does no I/O. Laws 1 and 2 are enforced here and nowhere else.
/// Its rows have one owner, since it cannot be copied by accident; that makes it safe to hand from task to task.
struct RunMachine: ~Copyable, @unchecked Sendable {
    /// What follows an input.
    enum Next: Equatable, Sendable {
        /// Exactly this node became ready.
        case run(Int)
        /// Several nodes became ready: see ``RunMachine/takeReady()``.
        case several
        /// Others are under way.
        case wait
        /// All is decided, or nothing that was under way is left after a failure, a finish or a cancellation.
        case finished
        /// Nothing runs and nothing can start, though not all is decided.
        case stuck
    }

    /// Why nothing new starts.
    enum Phase: Sendable, Equatable {
        case running
        /// A node reached `finish`.
        case finishing
        /// A node failed for good.
        case failing
        case cancelling
    }

    /// A step of the structure, in the order in which it happened; written down on request.
    enum Transition: Equatable, Sendable {
        case ready(Int)
        /// A node whose edges are decided waits for a milestone.
        case held(Int)
        /// A node that was held became ready.
        case released(Int)
        /// A node that was ready or held will not run.
        case dropped(Int)
        case skipped(unit: Int)
        case loopStarted(Int)
        case iterationEnded(Int)
        case loopEnded(Int)
        case taken(edge: Int)
    }

    struct Cell: BitwiseCopyable {
        var pending: Int32
        var holds: Int32
        var marks: UInt8
    }

    struct Frame: BitwiseCopyable {
        /// The units of the current round that have not ended.
        var open: Int32
        /// The round, from 0.
        var iteration: Int32
        /// Whether a back edge was taken in this round.
        var again: Bool
    }

    let plan: GraphPlan
    private(set) var phase = Phase.running
    /// The nodes that are ready or under way, held ones and those that work on behind their change included.
    private(set) var active = 0
    /// The nodes held back by a milestone.
    private(set) var held = 0
    var isLogging = false
    /// What happened since it was last taken, when logging.
    var log: [Transition] = []
    /// The members of a cancelled region that are under way.
    private(set) var toCancel: [Int] = []

    private let cells: UnsafeMutablePointer<Cell>
    private let frames: UnsafeMutablePointer<Frame>
    private let chosen: UnsafeMutablePointer<Bool>
    private var ready: [Int] = []
    private var worklist: [Int] = []
    /// Rounds that may have ended and are looked at when all edges of the event are decided.
    private var closing: [Int] = []

    init(_ plan: GraphPlan) {
        self.plan = plan
        cells = .allocate(capacity: plan.nodeCount + plan.loopCount + 1)
        frames = .allocate(capacity: plan.loopCount + 1)
        chosen = .allocate(capacity: plan.edges.count + 1)
        chosen.initialize(repeating: false, count: plan.edges.count + 1)
        let blank = Frame(open: 0, iteration: 0, again: false)
        frames.initialize(repeating: blank, count: plan.loopCount + 1)
        for unit in 0..<(plan.nodeCount + plan.loopCount) {
            let row = plan.units[unit]
            (cells + unit).initialize(to: Cell(pending: row.incoming, holds: row.holds, marks: 0))
        }
        frames[0].open = Int32(plan.members[0].count)
    }

    deinit {
        cells.deallocate()
        frames.deallocate()
        chosen.deallocate()
    }

    /// An independent machine in the same state, for exploring what follows.
    func copy() -> RunMachine {
        var other = RunMachine(plan)
        other.cells.update(from: cells, count: plan.nodeCount + plan.loopCount)
        other.frames.update(from: frames, count: plan.loopCount + 1)
        other.chosen.update(from: chosen, count: plan.edges.count)
        other.phase = phase
        other.active = active
        other.held = held
        other.isLogging = isLogging
        other.log = log
        other.ready = ready
        return other
    }

    /// The round of loop `loop`, from 0.
    @inline(__always)
    func iteration(of loop: Int) -> Int { Int(frames[loop + 1].iteration) }

    /// The rounds of the loops around `node`, outermost first.
    func iterations(around node: Int) -> [Int] { plan.loops(around: node).reversed().map { Int(frames[$0 + 1].iteration) } }

    /// The nodes that became ready, in the order in which they did.
    mutating func takeReady() -> [Int] {
        defer { ready.removeAll(keepingCapacity: true) }
        return ready
    }

    /// Makes a node ready again that was handed out but not begun.
    mutating func putBack(_ node: Int) { ready.append(node) }

    /// The nodes that wait for a milestone, in the order of their declaration.
    func heldNodes() -> [Int] {
        guard held > 0 else { return [] }
        return (0..<plan.nodeCount).filter { cells[$0].marks & Mark.waiting != 0 }
    }

    /// Whether `sender`, or the loop around it that `reader` stands outside of, has not ended yet.
    func isOpen(_ sender: Int, before reader: Int?) -> Bool {
        var unit = sender
        let home = reader.map { plan.scope(of: $0) } ?? 0
        while plan.scope(of: unit) != home, plan.scope(of: unit) > 0 { unit = plan.nodeCount + plan.scope(of: unit) - 1 }
        return cells[unit].marks & Mark.ended == 0
    }

    mutating func takeLog() -> [Transition] {
        defer { log.removeAll(keepingCapacity: true) }
        return log
    }

    /// The nodes that a log says were skipped, those inside a skipped loop too, with the rounds around them.
    func skipped(in log: [Transition]) -> [(node: Int, rounds: [Int])] {
        log.flatMap { transition -> [(node: Int, rounds: [Int])] in
            guard case .skipped(let unit) = transition else { return [] }
            let rounds = plan.loops(around: unit).reversed().map { Int(frames[$0 + 1].iteration) }
            return plan.nodes(in: unit).map { ($0, rounds) }
        }
    }

    mutating func takeCancelled() -> [Int] {
        defer { toCancel.removeAll() }
        return toCancel
    }
}

// MARK: Inputs

extension RunMachine {
    /// Starts the run by the start (0) or an entry (1 + its position).
    mutating func start(_ number: Int) -> Next {
        let rows = plan.rows
        for start in 0..<(rows.count - 1 - plan.nodeCount) {
            for index in Int(rows[plan.nodeCount + start])..<Int(rows[plan.nodeCount + start + 1]) {
                decide(index, taken: start == number)
            }
        }
        return settle()
    }

    /// The node ended and chose the case with this number.
    @inline(__always)
    mutating func completed(_ node: Int, choice: Int) -> Next {
        let row = plan.units[node]
        if row.follower >= 0, phase == .running, !isLogging {
            frames[Int(row.scope)].open -= 1
            cells[node].marks |= Mark.ended
            cells[Int(row.follower)].marks |= Mark.taken | Mark.started
            return .run(Int(row.follower))
        }
        return resolve(node) { $0 == choice }
    }

    /// The node ended and chose any number of its cases.
    mutating func completed(_ node: Int, subset: [Int]) -> Next { resolve(node, subset.contains) }

    /// The node failed for good. Its failure case is taken if it has one; otherwise nothing new starts.
    /// A `final` failure ends the run in any case.
    mutating func failed(_ node: Int, isFinal: Bool = false) -> Next {
        let failureCase = Int(plan.units[node].failureCase)
        if failureCase >= 0, !isFinal { return resolve(node) { $0 == failureCase } }
        stop(.failing)
        return resolve(node) { _ in false }
    }

    /// Whether this start of `node` lies beyond the iteration limit of its loop, so that it fails without running.
    @inline(__always)
    func exceedsLimit(_ node: Int) -> Bool {
        let scope = plan.scope(of: node)
        guard scope > 0, plan.headers[scope - 1] == Int32(node) || plan.headers[scope - 1] < 0 else { return false }
        return frames[scope].iteration >= plan.iterationLimits[scope - 1]
    }

    /// The node was cancelled: its exits are skipped.
    mutating func cancelled(_ node: Int) -> Next { resolve(node) { _ in false } }

    /// The node goes on working after its completion; its round does not end before ``restEnded(_:)``.
    mutating func restBegan(_ node: Int) {
        active += 1
        frames[plan.scope(of: node)].open += 1
    }

    mutating func restEnded(_ node: Int) -> Next {
        active -= 1
        close(plan.scope(of: node))
        return settle()
    }

    /// Nothing new starts from now on.
    mutating func stop(_ reason: Phase) {
        guard phase == .running || reason == .cancelling else { return }
        phase = reason
        active -= ready.count + held
        held = 0
        ready.removeAll()
    }

    /// What is next without a new input, after ``stop(_:)``.
    mutating func next() -> Next { settle() }

    /// Whether a region has cancelled this node, and what its exits do then.
    func cancellation(of node: Int) -> CancelOutcome? {
        if cells[node].marks & Mark.cancelled != 0 { return .cancelled }
        return cells[node].marks & Mark.completedEarly != 0 ? .completed : nil
    }
}

// MARK: Deciding

extension RunMachine {
    enum Mark {
        static let taken: UInt8 = 1
        static let started: UInt8 = 2
        static let ended: UInt8 = 4
        static let waiting: UInt8 = 8
        static let cancelled: UInt8 = 16
        static let completedEarly: UInt8 = 32
        static let skipped: UInt8 = 64
    }

    /// Decides all edges of a node that ended.
    private mutating func resolve(_ node: Int, _ isChosen: (Int) -> Bool) -> Next {
        let row = plan.units[node]
        active -= 1
        cells[node].marks |= Mark.ended
        if row.ends, plan.finishing.contains(where: { $0.node == node && isChosen($0.number) }) { stop(.finishing) }
        guard phase == .running else { return settle() }
        if row.isConstrained { passTime(node, skipped: false) }
        let end = Int(plan.rows[node + 1])
        var index = Int(plan.rows[node])
        while index < end {
            let taken = isChosen(Int(plan.edges[index].number))
            decide(index, taken: taken)
            index += 1
        }
        drain()
        close(Int(row.scope))
        return settle()
    }

    @inline(__always)
    private mutating func decide(_ index: Int, taken: Bool) {
        let edge = plan.edges[index]
        if taken, isLogging { log.append(.taken(edge: index)) }
        switch edge.kind {
        case .direct: arrive(at: Int(edge.unit), by: edge, taken: taken)
        case .leaving: if taken { chosen[index] = true }
        case .back: if taken { frames[Int(edge.loop) + 1].again = true }
        case .walk: if taken { walk(to: Int(edge.target)) }
        }
    }

    @inline(__always)
    private mutating func arrive(at unit: Int, by edge: GraphPlan.Edge, taken: Bool) {
        cells[unit].pending -= 1
        if taken {
            cells[unit].marks |= Mark.taken
            if unit >= plan.nodeCount { frames[unit - plan.nodeCount + 1].iteration = edge.target }
        }
        if cells[unit].pending == 0 {
            if cells[unit].marks & Mark.taken != 0 { begin(unit) } else { worklist.append(unit) }
        }
    }

    /// Starts a unit whose edges are all decided and one of them taken.
    private mutating func begin(_ unit: Int) {
        if unit < plan.nodeCount {
            if plan.units[unit].isConstrained, hold(unit) { return }
            present(unit)
        } else {
            let loop = unit - plan.nodeCount
            let header = plan.headers[loop]
            let entered = header >= 0 ? Int(header) : Int(frames[loop + 1].iteration)
            frames[loop + 1].iteration = 0
            if isLogging { log.append(.loopStarted(loop)) }
            beginRound(loop, at: entered)
        }
    }

    private mutating func present(_ node: Int, wasHeld: Bool = false) {
        guard phase == .running else { return }
        cells[node].marks |= Mark.started
        active += 1
        if isLogging { log.append(wasHeld ? .released(node) : .ready(node)) }
        ready.append(node)
        if plan.units[node].isConstrained { releaseBefore(node) }
    }

    private mutating func beginRound(_ loop: Int, at entered: Int) {
        let isFirst = frames[loop + 1].iteration == 0
        frames[loop + 1].again = false
        if plan.headers[loop] < 0 {
            frames[loop + 1].open = 1
            cells[entered].marks = Mark.taken
            present(entered)
            return
        }
        let members = plan.members[loop + 1]
        frames[loop + 1].open = Int32(members.count)
        for member in members {
            let row = plan.units[Int(member)]
            let kept = isFirst ? cells[Int(member)].marks & (Mark.cancelled | Mark.completedEarly) : 0
            cells[Int(member)] = Cell(pending: row.incoming, holds: row.holds, marks: kept)
        }
        begin(entered)
    }

    /// One step inside a region: the round goes on at another node.
    private mutating func walk(to node: Int) {
        let scope = plan.scope(of: node)
        frames[scope].open += 1
        frames[scope].iteration += 1
        cells[node].marks = Mark.taken
        present(node)
    }

    /// Skips the units no branch came to, and what follows from that.
    private mutating func drain() {
        while let unit = worklist.popLast() {
            if isLogging { log.append(.skipped(unit: unit)) }
            cells[unit].marks |= Mark.ended | Mark.skipped
            if unit < plan.nodeCount {
                if plan.units[unit].isConstrained { passTime(unit, skipped: true) }
                for index in Int(plan.rows[unit])..<Int(plan.rows[unit + 1]) where plan.edges[index].kind == .direct {
                    decide(index, taken: false)
                }
            } else {
                for index in plan.leaving[unit - plan.nodeCount] { leave(Int(index)) }
            }
            close(plan.scope(of: unit))
        }
    }

    private mutating func leave(_ index: Int) {
        let taken = chosen[index]
        chosen[index] = false
        arrive(at: Int(plan.edges[index].unit), by: plan.edges[index], taken: taken)
    }

    @inline(__always)
    private mutating func close(_ scope: Int) {
        frames[scope].open -= 1
        if frames[scope].open == 0, scope > 0 { closing.append(scope) }
    }

    private mutating func settle() -> Next {
        drain()
        while let scope = closing.popLast() {
            endRound(scope - 1)
            drain()
        }
        if phase != .running { return active == 0 ? .finished : .wait }
        switch ready.count {
        case 1:
            return .run(ready.removeLast())
        case 0:
            if active > held { return .wait }
            return frames[0].open == 0 ? .finished : .stuck
        default:
            return .several
        }
    }

    private mutating func endRound(_ loop: Int) {
        if isLogging { log.append(.iterationEnded(loop)) }
        if frames[loop + 1].again {
            guard phase == .running else { return }
            frames[loop + 1].iteration += 1
            beginRound(loop, at: Int(plan.headers[loop]))
            return
        }
        if isLogging { log.append(.loopEnded(loop)) }
        let unit = plan.nodeCount + loop
        cells[unit].marks |= Mark.ended
        for index in plan.leaving[loop] { leave(Int(index)) }
        drain()
        close(plan.scope(of: unit))
    }
}

// MARK: Time

extension RunMachine {
    /// Whether the node must wait for a milestone, or was cancelled before it could start.
    private mutating func hold(_ node: Int) -> Bool {
        if cells[node].marks & Mark.cancelled != 0 {
            worklist.append(node)
            return true
        }
        guard cells[node].holds > 0 else { return false }
        cells[node].marks |= Mark.waiting
        active += 1
        held += 1
        if isLogging { log.append(.held(node)) }
        return true
    }

    private mutating func release(_ node: Int) {
        cells[node].holds -= 1
        guard cells[node].holds == 0, cells[node].marks & Mark.waiting != 0, phase == .running else { return }
        cells[node].marks &= ~Mark.waiting
        active -= 1
        held -= 1
        present(node, wasHeld: true)
    }

    /// A held node will not run after all.
    private mutating func unhold(_ node: Int) {
        cells[node].marks &= ~Mark.waiting
        active -= 1
        held -= 1
        if isLogging { log.append(.dropped(node)) }
        worklist.append(node)
    }

    /// `node` starts: what had to wait for its start may go on.
    private mutating func releaseBefore(_ node: Int) {
        for milestone in plan.constraints.milestones where milestone.node == node { release(milestone.before) }
    }

    /// `node` was decided: milestones are reached or can no longer be, and regions are cancelled.
    private mutating func passTime(_ node: Int, skipped: Bool) {
        let wasStarted = cells[node].marks & Mark.started != 0
        for milestone in plan.constraints.milestones {
            if milestone.after == node { reach(milestone.node, skipped: skipped) }
            if milestone.node == node, !wasStarted { release(milestone.before) }
        }
        guard !skipped else { return }
        for region in plan.constraints.regions where region.trigger == node {
            for member in region.members { cancel(member, region.outcome) }
        }
    }

    /// A milestone that is never reached lets its node never start.
    private mutating func reach(_ node: Int, skipped: Bool) {
        if !skipped { return release(node) }
        cells[node].marks |= Mark.cancelled
        if cells[node].marks & Mark.waiting != 0 { unhold(node) }
    }

    private mutating func cancel(_ node: Int, _ outcome: CancelOutcome) {
        let marks = cells[node].marks
        guard marks & Mark.ended == 0 else { return }
        cells[node].marks |= outcome == .cancelled ? Mark.cancelled : Mark.completedEarly
        if let position = ready.firstIndex(of: node) {
            ready.remove(at: position)
            active -= 1
            if isLogging { log.append(.dropped(node)) }
            worklist.append(node)
        } else if marks & Mark.started != 0 {
            toCancel.append(node)
        } else if marks & Mark.waiting != 0 {
            unhold(node)
        }
    }
}
