@testable import Apus
import ApusTesting

/// Compares what a drill has come to with its log.
struct EventAudit: Sendable {
    let storage: MemoryStorage
    let ledger: EventLedger
    let course: EventCourse
    let bus: EventBus

    init(
        _ storage: MemoryStorage, _ ledger: EventLedger, _ course: EventCourse, _ environment: any Environment
    ) {
        (self.storage, self.ledger, self.course) = (storage, ledger, course)
        bus = EventBus(storage: storage, environment: environment)
    }

    func check() async throws {
        let records = try await bus.events(limit: 10_000)
        let events = try records.map { try $0.decode(Ticked.self) }
        try await checkPublishing(events)
        if records.map(\.sequence) != Array(1..<(records.count + 1)) { ledger.complain("the log has gaps") }
        let dead = try await bus.deadEvents(of: "raw", limit: 10_000)
        for (record, event) in zip(records, events) {
            let isDead = dead.contains { $0.event.sequence == record.sequence }
            let isHandled = ledger.isHandled(record.sequence, by: "raw")
            if !isDead, !isHandled { ledger.complain("\(record.sequence) was never handled") }
            if event.isPoison, isHandled { ledger.complain("\(record.sequence) can't have been handled") }
        }
        var order: [String: [Int]] = [:]
        for record in records { order[record.key, default: []].append(record.sequence) }
        for (key, sequences) in order.sorted(by: { $0.key < $1.key }) {
            let list = try await storage.value(at: StorageKey("list", key)).map { String(decoding: $0, as: UTF8.self) }
            let listed = (list ?? "").split(separator: " ").compactMap { Int($0) }
            if listed != sequences { ledger.complain("the list of \(key) is \(listed), not \(sequences)") }
            let folded = try await EventCourse.model.value(of: key, on: bus) ?? []
            if folded != sequences { ledger.complain("the model of \(key) is \(folded), not \(sequences)") }
        }
    }

    /// Every event once, those of a publisher and a key in their order, and business with its event.
    private func checkPublishing(_ events: [Ticked]) async throws {
        for publisher in course.publishers {
            let own = events.filter { $0.publisher == publisher.number }
            if Set(own.map(\.number)).count != own.count { ledger.complain("published twice: \(own.map(\.id))") }
            for event in publisher.events {
                let isThere = own.contains { $0.number == event.number }
                if !isThere, course.isAcknowledged(event) { ledger.complain("lost: \(event.id)") }
                let business = try await storage.value(at: StorageKey("business", event.id))
                if publisher.way != .direct, isThere != (business != nil) { ledger.complain("half of \(event.id)") }
            }
            for key in Set(own.map(\.key)).sorted() where publisher.isSure && publisher.way != .outbox {
                let numbers = own.filter { $0.key == key }.map(\.number)
                if numbers != numbers.sorted() { ledger.complain("out of order: \(numbers) of \(key)") }
            }
        }
    }
}
