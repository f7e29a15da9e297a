/// Every decision about a run of one graph, as a plain value.
///
/// It takes one input at a time (a node completed with a choice, failed, was cancelled …) and says what is next.
/// It knows nothing of the state, has no clock and does no I/O. Laws 1 and 2 are enforced here and nowhere else.
/// Invariant: its rows have one owner, since it cannot be copied, so it may be handed from task to task.
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
        /// No branch came to it, in the rounds of the loops around it that were open then.
        case skipped(unit: Int, rounds: [Int])
        case loopStarted(Int)
        case iterationEnded(Int)
        case loopEnded(Int)
    }

    struct Cell: BitwiseCopyable {
        var pending: Int32
        var holds: Int32
        var marks: UInt16
    }

    struct Frame: BitwiseCopyable {
        /// The units of the current round that have not ended.
        var open: Int32
        /// The round, from 0.
        var iteration: Int32
        /// Whether a back edge was taken in this round.
        var again: Bool
    }

    // It comes first since Swift 6.3 misleads the thread sanitizer: where a constant of a noncopyable value leads to what changes
    // (`frames[i].open -= 1`), what the value's first word points to is announced as changing. All runs share the plan; this
    // row is the machine's own. A canary of the documentation's tests says when the defect is gone.
    let cells: UnsafeMutablePointer<Cell>
    let frames: UnsafeMutablePointer<Frame>
    let chosen: UnsafeMutablePointer<Bool>
    let plan: GraphPlan
    let planted = Planted()
    var phase = Phase.running
    /// The nodes that are ready or under way, held ones and those that work on behind their change included.
    var active = 0
    /// The nodes held back by a milestone.
    var held = 0
    var isLogging = false
    /// What happened since it was last taken, when logging.
    var log: [Transition] = []
    /// The members of a cancelled region that are under way.
    var toCancel: [Int] = []

    var ready: [Int] = []
    var worklist: [Int] = []
    /// Rounds that may have ended and are looked at when all edges of the event are decided.
    var closing: [Int] = []

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

    /// The rounds of the loops around a unit, outermost first.
    func iterations(around unit: Int) -> [Int] {
        let loops = plan.loops(around: unit)
        if planted(.oneNumberForNestedLoops) { return loops.map { _ in Int(frames[loops[0] + 1].iteration) } }
        return loops.reversed().map { Int(frames[$0 + 1].iteration) }
    }

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

    /// Whether `sender`, or the loop around it that `reader` stands outside of, has not ended yet. When nothing new starts,
    /// only a sender that is under way has not.
    func isOpen(_ sender: Int, before reader: Int?) -> Bool {
        if phase != .running { return cells[sender].marks & (Mark.started | Mark.ended) == Mark.started }
        return cells[unit(of: sender, seenFrom: reader)].marks & Mark.ended == 0
    }

    /// `sender`, or the loop around it that `reader` stands outside of.
    func unit(of sender: Int, seenFrom reader: Int?) -> Int {
        var unit = sender
        let home = reader.map { plan.scope(of: $0) } ?? 0
        while plan.scope(of: unit) != home, plan.scope(of: unit) > 0 {
            unit = plan.nodeCount + plan.scope(of: unit) - 1
        }
        return unit
    }

    mutating func takeLog() -> [Transition] {
        if log.isEmpty { return [] }
        defer { log.removeAll(keepingCapacity: true) }
        return log
    }

    /// The nodes that a log says were skipped, those inside a skipped loop too, with the rounds around them.
    func skipped(in log: [Transition]) -> [(node: Int, rounds: [Int])] {
        log.flatMap { transition -> [(node: Int, rounds: [Int])] in
            guard case .skipped(let unit, let rounds) = transition else { return [] }
            return plan.nodes(in: unit).map { ($0, rounds) }
        }
    }

    mutating func takeCancelled() -> [Int] {
        if toCancel.isEmpty { return [] }
        defer { toCancel.removeAll() }
        return toCancel
    }
}

extension RunMachine {
    /// What is known of a unit in the current round.
    enum Mark {
        static let taken: UInt16 = 1
        static let started: UInt16 = 2
        static let ended: UInt16 = 4
        static let waiting: UInt16 = 8
        static let cancelled: UInt16 = 16
        static let completedEarly: UInt16 = 32
        static let skipped: UInt16 = 64
        /// It has completed and works on.
        static let resting: UInt16 = 128
        /// It runs, and does not only wait for a turn or a place.
        static let begun: UInt16 = 256
    }
}
