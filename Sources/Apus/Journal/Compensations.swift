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
            case .compensated: registered.removeAll { $0.isSame(record) }
            case .intent where record.note == Self.kind:
                attempts["\(record.activation ?? "")?\(record.name ?? "")", default: 0] += 1
            default: break
            }
        }
    }

    /// What is to be undone to be back at a point, in the order in which it is to be.
    package func pending(to point: Int) -> [Step] { registered.filter { $0.point > point }.reversed() }

    package func attempts(of step: Step) -> Int { attempts["\(step.activation)?\(step.effect)"] ?? 0 }

    /// The kind of the effect that a compensation is.
    package static let kind = "compensation"

    /// The name of the effect that the performing of a compensation is.
    static func effect(_ name: String, _ number: Int) -> String { "undo/\(name)#\(number)" }
}
