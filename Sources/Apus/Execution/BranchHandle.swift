import Synchronization

/// The way of one activation to the driver of its graph.
final class BranchHandle<State: GraphState>: ActivationHandle {
    let completion = StopSignal()
    private let run: GraphRun<State>
    private let node: Int
    private let before: State
    private let outbox = Mutex<[(channel: Int, value: any Sendable)]>([])
    private let completed = Atomic<Bool>(false)

    init(_ run: GraphRun<State>, _ node: Int, _ before: State) {
        self.run = run
        self.node = node
        self.before = before
    }

    /// Whether the activation has handed its change on already.
    var isCompleted: Bool { completed.load(ordering: .acquiring) }

    func send(_ value: any Sendable, to channel: Int) {
        outbox.withLock { $0.append((channel, value)) }
    }

    func discardSent() { outbox.withLock { $0 = [] } }

    func mailbox(_ channel: Int) -> Mailbox { run.mailboxes[channel] }

    func takeOutbox() -> [(channel: Int, value: any Sendable)] {
        outbox.withLock { outbox in
            defer { outbox = [] }
            return outbox
        }
    }

    func completeEarly(_ state: any Sendable, _ context: NodeContext) {
        guard let state = state as? State, !completed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let ready = GraphRun<State>.Ready(node: node, state: before, iteration: -1, extras: nil)
        run.completeEarly(ready, state, context)
    }
}
