/// What a node knows about its activation, and its way to the outside.
public struct NodeContext: Sendable {
    let site: ActivationSite
    let node: Int32
    let attemptNumber: Int32
    /// The round of the innermost loop around the node, or -1.
    let iteration: Int32
    /// The element of a composite, or -1.
    let index: Int32
    /// What only some activations have.
    let extras: ActivationExtras?

    init(
        site: ActivationSite, node: Int, attempt: Int = 1, iteration: Int = -1, index: Int = -1,
        extras: ActivationExtras? = nil
    ) {
        self.site = site
        self.node = Int32(truncatingIfNeeded: node)
        attemptNumber = Int32(truncatingIfNeeded: attempt)
        self.iteration = Int32(truncatingIfNeeded: iteration)
        self.index = Int32(truncatingIfNeeded: index)
        self.extras = extras
    }
}

extension NodeContext {
    /// The name of this activation, the same whenever the run is replayed.
    public var activation: ActivationID {
        let step = ActivationID.Component(
            node: site.names[Int(node)], iterations: rounds, index: index >= 0 ? Int(index) : nil)
        return ActivationID(site.prefix.isEmpty ? [step] : site.prefix + [step])
    }

    /// The rounds of the loops around the node, outermost first.
    var rounds: [Int] {
        let innermost = iteration >= 0 ? [Int(iteration)] : []
        return extras.map { $0.outerIterations + innermost } ?? innermost
    }

    /// Which body of a composite this is, if it is one.
    var body: Int? { index >= 0 ? Int(index) : extras?.body }

    /// The id of the node.
    public var nodeID: String { site.names[Int(node)] }

    /// Which attempt this is, from 1.
    public var attempt: Int { Int(attemptNumber) }

    public var runID: RunID { site.services.runID }

    /// Time and randomness. A node that takes both from here is replayed by the simulator.
    public var environment: any Environment { site.services.environment }

    /// The failures that led here by `onFailure`, in graph order; empty on the usual way.
    public var failures: [NodeFailure] { extras?.failures ?? [] }

    /// Tells those who watch the run how far the node is.
    public func progress(_ text: String) {
        if site.services.isWatched { site.services.emit(.progress(activation, text)) }
    }

    /// Whether anybody watches the run, so that what takes work to report is worth it.
    public var isWatched: Bool { site.services.isWatched }

    /// Tells those who watch of a request to a model that has just ended.
    public func report(_ call: ModelCall) {
        if site.services.isWatched { site.services.emit(.modelCalled(activation, call)) }
    }

    /// Tells those who watch of a call of a tool that has just ended.
    public func report(_ use: ToolInvocation) {
        if site.services.isWatched { site.services.emit(.toolCalled(activation, use)) }
    }

    /// Where this attempt stands in a trace, to be handed to other programs in the headers `traceparent` and `tracestate`; `nil` if
    /// the run is in none.
    public var trace: TraceContext? {
        site.services.trace.map { trace in
            trace.isPassed ? trace.context : trace.context.with(trace.span(of: activation, attempt: attempt))
        }
    }

    func attempt(_ number: Int) -> NodeContext {
        NodeContext(
            site: site, node: Int(node), attempt: number, iteration: Int(iteration), index: Int(index), extras: extras)
    }
}

/// The failure of a node that its graph goes on after.
public struct NodeFailure: Sendable {
    public var activation: ActivationID
    public var error: any Error

    public init(activation: ActivationID, error: any Error) {
        self.activation = activation
        self.error = error
    }
}

/// Where activations take place: one graph, or one composite, of one run.
final class ActivationSite: Sendable {
    let services: any RunServices
    let graph: String
    let names: [String]
    let prefix: [ActivationID.Component]
    /// The prefix as text.
    var path: String { "\(ActivationID(prefix))" }
    /// By node, for those who wait for a place.
    let priorities: [Int]
    /// What holds for all of them.
    let scope: ActivationScope?

    init(
        _ services: any RunServices, graph: String, names: [String], prefix: [ActivationID.Component],
        priorities: [Int] = [], scope: ActivationScope? = nil
    ) {
        self.scope = scope
        self.services = services
        self.graph = graph
        self.names = names
        self.prefix = prefix
        self.priorities = priorities
    }
}

/// What only some activations have; the others pay nothing for it.
final class ActivationExtras: Sendable {
    /// The rounds of the loops around the innermost one, outermost first.
    let outerIterations: [Int]
    let failures: [NodeFailure]
    /// The way a composite has to the driver of its graph.
    let handle: (any ActivationHandle)?
    /// The number of a body that has a name of its own.
    let body: Int?
    /// The effects and waits of a leaf of a durable run.
    let ledger: (any ActivationLedger)?
    /// What holds inside of it, if that is more than what holds around it.
    let scope: ActivationScope?

    init(
        outerIterations: [Int] = [], failures: [NodeFailure] = [], handle: (any ActivationHandle)? = nil,
        body: Int? = nil, ledger: (any ActivationLedger)? = nil, scope: ActivationScope? = nil
    ) {
        self.scope = scope
        self.ledger = ledger
        self.outerIterations = outerIterations
        self.failures = failures
        self.handle = handle
        self.body = body
    }
}

/// What one activation of a durable run has done to the outside, and what it waits for.
protocol ActivationLedger: AnyObject, Sendable {
    /// An attempt begins: it may use the names of the one before.
    func beginAttempt()
}

/// What a composite asks of the driver of its graph.
protocol ActivationHandle: AnyObject, Sendable {
    /// Fires when a region asks the composite to complete with what it has.
    var completion: StopSignal { get }
    /// Whether the activation has handed its change on already.
    var isCompleted: Bool { get }
    /// Keeps a value for a channel; it becomes visible when the activation completes.
    func send(_ value: any Sendable, to channel: Int, by body: Int?)
    /// Drops what an attempt sent that did not succeed: that of one body, or all.
    func discardSent(by body: Int?)
    /// Drops what other bodies sent.
    func keepSent(by bodies: [Int])
    /// The elements of a channel as they become visible, for its reader.
    func mailbox(_ channel: Int) -> Mailbox
    /// Hands the change on and lets the successors start, while the activation works on.
    func completeEarly(_ state: any Sendable, _ context: NodeContext)
}
