/// What can undo the work of a run, as its journal tells.
package struct Compensations: Sendable {
    /// A compensation that was registered.
    package struct Step: Sendable {
        /// The point at which it was.
        package var point: Int
        package var record: JournalRecord

        package var activation: String { record.activation ?? "" }
        package var name: String { record.name ?? "" }
        package var number: Int { record.number ?? 1 }
        /// The name of the effect that its performing is.
        package var effect: String { Compensations.effect(name, number) }

        fileprivate func isSame(_ other: JournalRecord) -> Bool {
            activation == other.activation && name == other.name && number == other.number ?? 1
        }
    }

    /// What has not been undone, in the order in which it was done.
    private var registered: [Step] = []
    /// How often each was begun.
    private var attempts: [String: Int] = [:]
    /// How often each has failed since the run was last tried again, and with what those failed that are not tried by themselves any more.
    private var failures: [String: Int] = [:]
    private var givenUp: [String: String] = [:]
    /// The effects without a compensation that a person has settled, as `activation?name`.
    package private(set) var settledEffects: Set<String> = []
    /// What was undone since this began, in that order, as `activation`.
    package private(set) var undone: [UndoneWork] = []

    package init(_ excerpt: JournalExcerpt) {
        for entry in excerpt.entries {
            let record = entry.record
            switch record.tag {
            case .snapshot where entry.number == excerpt.numbers.lowerBound:
                let known = record.value.flatMap { try? RunSnapshot($0) }?.compensations ?? []
                registered = known.map { Step(point: entry.number, record: $0) }
            case .compensation:
                registered.removeAll { $0.isSame(record) }
                registered.append(Step(point: entry.number, record: record))
            case .compensated: settle(record)
            case .intent where record.note == Self.kind: attempts[record.question, default: 0] += 1
            case .effectFailed where attempts[record.question] != nil: fail(record)
            case .retried where record.activation == nil: (failures, givenUp) = ([:], [:])
            default: break
            }
        }
    }

    private mutating func settle(_ record: JournalRecord) {
        if record.number == Self.effectNumber {
            settledEffects.insert(record.question)
        } else {
            registered.removeAll { $0.isSame(record) }
            undone.append(
                UndoneWork(activation: record.activation ?? "", name: record.name ?? "", isByHand: record.note != nil))
        }
    }

    private mutating func fail(_ record: JournalRecord) {
        failures[record.question, default: 0] += 1
        if record.number == Self.finalNumber { givenUp[record.question] = record.note ?? "" }
    }

    /// What is to be undone to be back at a point, in the order in which it is to be.
    package func pending(to point: Int) -> [Step] {
        let steps = registered.filter { $0.point > point }
        return Planted()(.undoneInOrder) ? steps : steps.reversed()
    }

    package func attempts(of step: Step) -> Int { attempts["\(step.activation)?\(step.effect)"] ?? 0 }

    /// How often it has failed since the run was last tried again.
    package func failures(of step: Step) -> Int { failures["\(step.activation)?\(step.effect)"] ?? 0 }

    /// What it failed with in its last attempt; `nil` if it is still to be tried.
    package func obstacle(to step: Step) -> String? { givenUp["\(step.activation)?\(step.effect)"] }

    /// The number of a record that settles an effect for which no compensation was registered.
    package static let effectNumber = -1
    /// The number of a failed try that no other follows by itself.
    package static let finalNumber = 1

    /// The kind of the effect that a compensation is.
    package static let kind = "compensation"

    /// The name of the effect that the performing of a compensation is.
    static func effect(_ name: String, _ number: Int) -> String { "undo/\(name)#\(number)" }
}
