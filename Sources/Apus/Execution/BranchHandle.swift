import Synchronization

/// The way of one activation to the driver of its graph.
final class BranchHandle: ActivationHandle {
    let completion = StopSignal()
    private let driver: GraphDriver
    private let node: Int
    private let before: StateBox
    private let outbox = Mutex<[(channel: Int, value: any Sendable)]>([])
    private let completed = Atomic<Bool>(false)

    init(_ driver: GraphDriver, _ node: Int, _ before: StateBox) {
        self.driver = driver
        self.node = node
        self.before = before
    }

    /// Whether the activation has handed its change on already.
    var isCompleted: Bool { completed.load(ordering: .acquiring) }

    func send(_ value: any Sendable, to channel: Int) {
        outbox.withLock { $0.append((channel, value)) }
    }

    func discardSent() { outbox.withLock { $0 = [] } }

    func mailbox(_ channel: Int) -> Mailbox { driver.mailboxes[channel] }

    func takeOutbox() -> [(channel: Int, value: any Sendable)] {
        outbox.withLock { outbox in
            defer { outbox = [] }
            return outbox
        }
    }

    func completeEarly(_ state: any Sendable, _ context: NodeContext) {
        guard !completed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let ready = Ready(node: node, state: before, iteration: -1, extras: nil)
        driver.completeEarly(ready, state, context)
    }
}
