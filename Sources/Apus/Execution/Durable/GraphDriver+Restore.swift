/// What an error that was written down says. The error itself stayed in the process that threw it.
public struct JournaledError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

extension GraphDriver {
    /// What is open after the activations that a journal tells of have ended once more, in their order.
    func restore(_ records: [JournalRecord], into machine: inout RunMachine, from state: StateBox) throws -> [Ready] {
        var open = open(&machine, state)
        for record in records { try restore(record, &open) }
        return open.all
    }

    /// What is open at first.
    func open(_ machine: inout RunMachine, _ state: StateBox) -> OpenActivations {
        var open = OpenActivations()
        for ready in share(&machine, state) { open.add(ready, name(of: ready)) }
        return open
    }

    /// Lets an activation end once more, and what it makes ready be open.
    func restore(_ record: JournalRecord, _ open: inout OpenActivations) throws {
        if record.tag == .forked { return try edit(record, &open) }
        beginHeralds(of: record.activation ?? "", &open)
        guard let ready = open.take(record.activation ?? "") else {
            // Nothing begins any more in a graph that was stopped meanwhile.
            if isStopped { throw CancellationError() }
            throw JournalError(
                .doesNotFit, run: core.runID, activation: record.activation,
                detail: "it ended, but it could not have begun by then")
        }
        let (written, after) = try replayed(record, ready)
        switch commit(written, after, of: ready, context(of: ready)) {
        case .with(let next): open.add(next, name(of: next))
        case .alone(let node, let state):
            let next = shared.withLock { self.ready(node, state, &$0) }
            core.activity.less()
            open.add(next, name(of: next))
        case .stop: break
        }
        core.activity.less()
        for next in takeStarts() { open.add(next, name(of: next)) }
    }

    /// Starts are not written down: that a node ended tells that those before whose start it may not start had begun.
    private func beginHeralds(of ended: String, _ open: inout OpenActivations) {
        for milestone in plan.constraints.milestones where open.contains(milestone.node) {
            let rounds = shared.withLock { $0.machine?.iterations(around: milestone.before) ?? [] }
            let step = ActivationID.Component(node: plan.names[milestone.before], iterations: rounds)
            guard "\(ActivationID(site.prefix + [step]))" == ended else { continue }
            began(milestone.node)
            for next in takeStarts() { open.add(next, name(of: next)) }
        }
    }

    private func takeStarts() -> [Ready] {
        shared.withLock { shared in
            defer { shared.orders = [] }
            return shared.orders.flatMap { order -> [Ready] in
                if case .start(let batch) = order { return batch }
                return []
            }
        }
    }

    private func context(of ready: Ready) -> NodeContext {
        NodeContext(site: site, node: ready.node, iteration: ready.iteration, extras: ready.extras)
    }

    private func name(of ready: Ready) -> String { "\(context(of: ready).activation)" }

    private func replayed(_ record: JournalRecord, _ ready: Ready) throws -> (Written, StateBox) {
        var written = Written(.cancelled, nil)
        var after = ready.state
        let choices = planted(.choiceForgotten) ? [0] : record.choices ?? [0]
        switch record.tag {
        case .done: written.outcome = record.number == 1 ? .selected(choices) : .chose(choices[0])
        case .passed: written.outcome = record.number == 1 ? .passedOverSelecting(choices) : .passedOver(choices[0])
        case .failed: written.outcome = .failed(JournaledError(record.note ?? "unknown"))
        default: written.outcome = .cancelled
        }
        do {
            if let value = record.value, !planted(.changeForgotten) {
                let change = try kit.decode(value)
                written.change = change
                after = try kit.applying([change], to: ready.state)
            }
            if let sent = record.sent { written.letters = try decode(sent) }
        } catch {
            throw JournalError(.coding, run: core.runID, activation: record.activation, detail: "\(error)")
        }
        return (written, after)
    }
}

/// The activations that have begun and not ended, in the order in which they began.
struct OpenActivations {
    private var byName: [String: (order: Int, ready: Ready)] = [:]
    private var count = 0

    init() {}

    mutating func add(_ ready: Ready, _ name: String) {
        byName[name] = (count, ready)
        count += 1
    }

    mutating func take(_ name: String) -> Ready? { byName.removeValue(forKey: name)?.ready }

    func contains(_ node: Int) -> Bool { byName.values.contains { $0.ready.node == node } }

    var all: [Ready] { byName.values.sorted { $0.order < $1.order }.map(\.ready) }

    var names: [String] { byName.sorted { $0.value.order < $1.value.order }.map(\.key) }

    func contains(_ name: String) -> Bool { byName[name] != nil }

    /// All of them see this state instead.
    mutating func show(_ state: StateBox) {
        for name in byName.keys.sorted() { byName[name]?.ready.state = state }
    }
}
