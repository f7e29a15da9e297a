import Synchronization

/// The way of one activation to the driver of its graph.
final class BranchHandle: ActivationHandle {
    let completion = StopSignal()
    private let driver: GraphDriver
    private let node: Int
    private let before: StateBox
    private let outbox = Guarded(Outbox())
    private let completed = Atomic<Bool>(false)

    init(_ driver: GraphDriver, _ node: Int, _ before: StateBox) {
        self.driver = driver
        self.node = node
        self.before = before
    }

    var isCompleted: Bool { completed.load(ordering: .acquiring) }

    func send(_ value: any Sendable, to channel: Int, by body: Int?) {
        outbox.withLock { $0.append(Outbox.Letter(channel: channel, value: value, body: body)) }
    }

    func discardSent(by body: Int?) { outbox.withLock { $0.discard(body) } }

    func keepSent(by bodies: [Int]) { outbox.withLock { $0.keep(bodies) } }

    func takeOutbox() -> [Outbox.Letter] { outbox.withLock { $0.take() } }

    /// What one body sent, as it is written down.
    func written(by body: Int) throws -> [UInt8]? {
        let letters = outbox.withLock { $0.letters(of: body) }
        return letters.isEmpty ? nil : try driver.encode(letters)
    }

    /// Sends again what a body sent.
    func restore(_ sent: [UInt8], body: Int?) throws {
        for letter in try driver.decode(sent) { send(letter.value, to: letter.channel, by: body) }
    }

    func mailbox(_ channel: Int) -> Mailbox { driver.mailboxes[channel] }

    func completeEarly(_ state: any Sendable, _ context: NodeContext) {
        guard !completed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let ready = Ready(node: node, state: before, iteration: -1, extras: context.extras)
        driver.completeEarly(ready, state, context)
    }
}
