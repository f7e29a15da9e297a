@testable import Apus
import ApusTesting
import AsideKit
import Testing

/// Random courses of a machine that is stopped and begun again from what was written down, against a model of a few lines: an event is
/// open until it was handled and written down, and the first open one of its key is the one that may run.
@Suite(.aside) struct DeliveryMachineTests {
    @Test func `a machine hands out what is open, in the order of its key, and forgets nothing when it begins again`() {
        for seed in 0..<2_000 as Range<UInt64> {
            var course = Course(seed: seed)
            for _ in 0..<200 where course.complaint == nil { course.step() }
            course.finish()
            #expect(course.complaint == nil, "seed \(seed): \(course.complaint ?? "")")
            if course.complaint != nil { return }
        }
    }

    private struct Course {
        private var generator: SeededGenerator
        private let keys: [String]
        private var written = SubscriptionCursor(position: 1)
        private var machine: DeliveryMachine
        private var running: Set<Int> = []
        /// Handled, and not yet written down.
        private var handled: Set<Int> = []
        private var settled: Set<Int> = []
        private var now = WallTime(milliseconds: 0)
        /// Attempts that were handed out alone, as long as it is not written down that they are over; and those of them that were under
        /// way when a process died.
        private var begun: Set<Int> = []
        private var crashed: Set<Int> = []
        private(set) var complaint: String?

        init(seed: UInt64) {
            var generator = SeededGenerator(seed: SeededGenerator.mix(seed))
            let count = 1 + generator.below(4)
            keys = (0..<40).map { _ in "k\(generator.below(count))" }
            machine = DeliveryMachine(written, concurrency: 1 + generator.below(4), window: 1 + generator.below(12))
            self.generator = generator
        }

        mutating func step() {
            now = WallTime(milliseconds: now.milliseconds + Int64(generator.below(30)))
            switch generator.below(12) {
            case 0, 1: arrive()
            case 2, 3, 4, 5: start()
            case 6, 7:
                end { course, sequence in
                    course.handled.insert(sequence)
                    course.machine.handled(sequence, holdsLine: true)
                }
            case 8:
                end { course, sequence in
                    let due = WallTime(milliseconds: course.now.milliseconds + 40)
                    course.machine.failed(sequence, due: due)
                }
            case 9: end { $0.machine.released($1) }
            case 10: write()
            default: if generator.below(4) == 0 { begin() }
            }
        }

        /// Everything is handled in the end.
        mutating func finish() {
            for _ in 0..<2_000 where complaint == nil && settled.count < keys.count {
                now = WallTime(milliseconds: now.milliseconds + 50)
                arrive()
                start()
                end { course, sequence in
                    course.handled.insert(sequence)
                    course.machine.handled(sequence, holdsLine: true)
                }
                write()
            }
            if settled.count < keys.count { complain("\(keys.count - settled.count) are never handed out") }
            if complaint == nil, written.position != keys.count + 1 {
                complain("the cursor stays at \(written.position)")
            }
        }

        private mutating func arrive() {
            let first = machine.head
            let end = min(keys.count + 1, first + min(machine.room, 1 + generator.below(6)))
            guard end > first else { return }
            machine.arrived((first..<end).map { ($0, keys[$0 - 1]) }, end: end)
            let told = machine.takeCrashed().map(\.sequence)
            for sequence in first..<end where crashed.contains(sequence) && !told.contains(sequence) {
                complain("nobody knows that \(sequence) ended its process")
            }
            for sequence in told { machine.failed(sequence, due: WallTime(milliseconds: now.milliseconds + 40)) }
        }

        private func isSuspect(_ sequence: Int) -> Bool { sequence < written.careful ?? 0 }

        private mutating func start() {
            guard let (sequence, _) = machine.next(at: now) else { return }
            if settled.contains(sequence) { complain("\(sequence) was settled") }
            if !running.insert(sequence).inserted { complain("\(sequence) runs already") }
            if running.count > 1, running.contains(where: isSuspect) { complain("\(running) are not alone") }
            if isSuspect(sequence) { begun.insert(sequence) }
            let open = (1...keys.count).first { keys[$0 - 1] == keys[sequence - 1] && !settled.contains($0) }
            if open != sequence { complain("\(sequence) runs before \(open ?? 0)") }
        }

        private mutating func end(_ body: (inout Course, Int) -> Void) {
            guard let sequence = running.sorted().first else { return }
            running.remove(sequence)
            body(&self, sequence)
        }

        private mutating func write() {
            let cursor = machine.snapshot(with: handled)
            if generator.below(5) == 0 { return machine.notCommitted() }
            written = cursor
            settled.formUnion(handled)
            begun.formIntersection(running)
            crashed.subtract(settled)
            crashed = crashed.filter { $0 >= machine.head }
            machine.committed(handled.sorted())
            handled = []
            for sequence in 1...keys.count where written.isDone(sequence) != settled.contains(sequence) {
                complain("the cursor is wrong about \(sequence)")
            }
        }

        /// The process dies, and another one goes on with what was written down.
        private mutating func begin() {
            crashed.formUnion(begun)
            (running, handled) = ([], [])
            written.owner = "another"
            written.takenOver(window: 12)
            machine = DeliveryMachine(written, concurrency: 1 + generator.below(4), window: 1 + generator.below(12))
        }

        private mutating func complain(_ text: String) { complaint = complaint ?? text }
    }
}
