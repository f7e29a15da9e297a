import Apus
@testable import ApusTesting

/// A bus on hosts that crash, stand still and start again, over one disk that fails, all from one seed.
///
/// Publishers publish on every host, directly, with batches and through the outbox, and publish again what they have not heard of.
/// Two subscriptions and a read model are served by every host. Then all goes well, and everything is compared with the log.
struct EventDrill: Sendable {
    let seed: UInt64

    /// What was wrong; empty if nothing was.
    func complaints() -> [String] {
        let simulator = Simulator(seed: seed)
        let seed = seed
        let ledger = EventLedger()
        do {
            try simulator.run(limit: .seconds(2_000), decisions: 600_000) { environment in
                var generator = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0xE7E7))
                let disk = SimulatedDisk(environment, isTold: false)
                let faults = DiskFaults.drawn(by: &generator)
                let course = EventCourse(simulator, disk, ledger, faults, seed: seed, &generator)
                await course.run()
                try await EventAudit(disk.memory, ledger, course, environment).check()
            }
        } catch {
            ledger.complain("\(error)")
        }
        return ledger.complaints
    }
}

struct Ticked: DomainEvent {
    static let eventType = "ticked"
    var publisher: Int
    var number: Int
    var key: String
    /// Whether no attempt to handle it succeeds.
    var isPoison: Bool

    var eventKey: String { key }
    var id: String { "\(publisher)-\(number)" }
}

/// What happened in a drill, seen from outside.
final class EventLedger: Sendable {
    struct Handling: Sendable {
        var subscriber: String
        var sequence: Int
    }

    private struct State {
        var complaints: [String] = []
        var handled: [String: Set<Int>] = [:]
        /// The last event that was handled, by subscriber, epoch and key.
        var last: [String: Int] = [:]
        /// The keys of which one is under way, by subscriber and epoch.
        var busy: Set<String> = []
    }

    private let state = Guarded(State())

    var complaints: [String] { state.withLock { $0.complaints } }

    func complain(_ text: String) { state.withLock { $0.complaints.append(text) } }

    func isHandled(_ sequence: Int, by subscriber: String) -> Bool {
        state.withLock { $0.handled[subscriber]?.contains(sequence) ?? false }
    }

    func begin(_ delivery: EventDelivery) {
        let line = "\(delivery.subscriber) \(delivery.epoch) \(delivery.event.key)"
        state.withLock { state in
            if !state.busy.insert(line).inserted { state.complaints.append("two at once of \(line)") }
        }
    }

    func end(_ delivery: EventDelivery, isHandled: Bool) {
        let line = "\(delivery.subscriber) \(delivery.epoch) \(delivery.event.key)"
        let sequence = delivery.event.sequence
        state.withLock { state in
            state.busy.remove(line)
            guard isHandled else { return }
            if let last = state.last[line], last >= sequence {
                state.complaints.append("\(sequence) was handled after \(last) of \(line)")
            }
            state.last[line] = sequence
            state.handled[delivery.subscriber, default: []].insert(sequence)
        }
    }
}
