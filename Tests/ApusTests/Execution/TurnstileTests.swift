import Apus
import ApusTesting
import Testing

@Suite struct TurnstileTests {
    @Test func `the highest priority goes first and equals in the order of their arrival`() {
        var turnstile = Turnstile(capacity: 1)
        let first = turnstile.enter(0) == .admitted
        #expect(first)
        for (ticket, priority) in [(1, 0), (2, 5), (3, 0), (4, 5), (5, -1)] {
            let isAdmitted = turnstile.enter(Turnstile.Ticket(ticket), priority: priority) == .admitted
            #expect(!isAdmitted)
        }
        var order: [Turnstile.Ticket] = []
        while let next = turnstile.leave() { order.append(next) }
        #expect(order == [2, 4, 1, 3, 5])
        #expect(turnstile.inside == 0)
    }

    @Test func `a ticket that withdrew and came again has lost its place in the line`() {
        var turnstile = Turnstile(capacity: 1)
        for ticket in 0..<3 { _ = turnstile.enter(Turnstile.Ticket(ticket)) }
        let isWithdrawn = turnstile.withdraw(1)
        let isWithdrawnAgain = turnstile.withdraw(1)
        #expect(isWithdrawn && !isWithdrawnAgain)
        _ = turnstile.enter(1)
        let order = [turnstile.leave(), turnstile.leave(), turnstile.leave()]
        #expect(order == [2, 1, nil])
    }

    @Test(arguments: 0..<200)
    func `it does what a sorted list would do`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var turnstile = Turnstile(capacity: 1 + generator.below(4))
        var model = Model(capacity: turnstile.capacity)
        for ticket in 0..<300 {
            switch generator.below(8) {
            case 0..<4:
                let priority = generator.below(3)
                let isAdmitted = turnstile.enter(Turnstile.Ticket(ticket), priority: priority) == .admitted
                #expect(isAdmitted == model.enter(Turnstile.Ticket(ticket), priority), "seed \(seed)")
            case 4..<6 where turnstile.inside > 0:
                let next = turnstile.leave()
                #expect(next == model.leave(), "seed \(seed)")
            default:
                let victim = Turnstile.Ticket(generator.below(ticket + 1))
                let isWithdrawn = turnstile.withdraw(victim)
                #expect(isWithdrawn == model.withdraw(victim), "seed \(seed)")
            }
            #expect(turnstile.inside == model.inside && turnstile.waiting == model.line.count, "seed \(seed)")
        }
    }

    /// The obvious way: a list that is searched from its front.
    struct Model {
        let capacity: Int
        var inside = 0
        var line: [(ticket: Turnstile.Ticket, priority: Int)] = []

        mutating func enter(_ ticket: Turnstile.Ticket, _ priority: Int) -> Bool {
            if inside < capacity {
                inside += 1
                return true
            }
            let index = line.firstIndex { $0.priority < priority } ?? line.endIndex
            line.insert((ticket, priority), at: index)
            return false
        }

        mutating func leave() -> Turnstile.Ticket? {
            if line.isEmpty {
                inside -= 1
                return nil
            }
            return line.removeFirst().ticket
        }

        mutating func withdraw(_ ticket: Turnstile.Ticket) -> Bool {
            guard let index = line.firstIndex(where: { $0.ticket == ticket }) else { return false }
            line.remove(at: index)
            return true
        }
    }
}
