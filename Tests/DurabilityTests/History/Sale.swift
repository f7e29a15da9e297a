import Apus

/// An order on its way, as the tests of the history sell it.
struct Sale: GraphState {
    var items: [String] = ["ink", "pen"]
    var log: [String] = []
    var total = 0
    var note = ""
    static let fields: [Field<Self>] = [
        Field("log", \.log, merging: .append), Field("total", \.total, merging: .sum), Field("items", \.items),
        Field("note", \.note),
    ]
}

/// What the outside of a test refuses for now.
final class Outside: Sendable {
    let performed = Performed()

    /// Throws the first `times` times that `name` is called.
    func call(_ name: String, failing times: Int = 0) throws -> Int {
        performed.add(name)
        if performed.count(name) <= times { throw Refused(name: name) }
        return performed.count(name)
    }

    struct Refused: Error, CustomStringConvertible {
        var name: String
        var description: String { "\(name) was refused" }
    }
}

/// What happened, line by line.
final class Notebook: Sendable {
    private let text = Guarded<[String]>([])

    var lines: [String] { text.withLock { $0 } }

    func add(_ line: String) { text.withLock { $0.append(line) } }
}

extension Sale {
    /// open → pack and bill side by side → ship; `refusals` is how often the bill is refused.
    static func graph(_ outside: Outside = Outside(), refusals: Int = 0) throws -> Graph<Sale> {
        try Graph<Sale>("sale") { g in
            let open = g.node("open") { sale, context in
                let number = try await context.step("number") { try outside.call("number") }
                sale.note = "order \(number)"
            }
            let pack = g.forEach("pack", \.items) { item, context in
                _ = try await context.step("take") { try outside.call("take \(item)") }
                return "packed \(item)"
            } collect: { sale, packed in
                sale.log += packed
            }
            let bill = g.node("bill") { sale, context in
                sale.total += try await context.step("charge") { try outside.call("charge", failing: refusals) }
                sale.log.append("billed")
            }
            let ship = g.node("ship") { sale, context in
                try await context.step("send", .atMostOnce) { _ = try outside.call("send") }
                sale.log.append("shipped")
            }
            g.start(at: open)
            g.fork(from: open, to: pack, bill)
            g.chain(pack, ship)
            g.chain(bill, ship)
        }
    }

    /// One node that asks, sleeps and waits for a signal, and one behind it.
    static func waiting(expires: Bool = false) throws -> Graph<Sale> {
        try Graph<Sale>("waiting") { g in
            let ask = g.node("ask") { sale, context in
                if expires {
                    let soon = Question<String>("now", "Now?", expires: .milliseconds(1))
                    do { sale.note = try await context.ask(soon) } catch is QuestionExpired {}
                }
                sale.note = try await context.ask(Question("who", "Who buys?"))
                try await context.sleep(for: .milliseconds(1))
                sale.total = try await context.signal(named: "paid", as: Int.self)
            }
            let close = g.node("close") { sale, _ in sale.log.append("closed") }
            g.start(at: ask)
            g.chain(ask, close)
        }
    }
}
