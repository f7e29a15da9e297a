import Apus

/// The graphs of the golden journals. They stay as they are: the journals go with them.
extension Sale {
    struct Late: Error {}

    /// All of it in one line; of a long note the beginning and the length.
    var summary: String { "\(items) \(log) \(total) \(note.prefix(32)) \(note.count)" }

    static func ways() throws -> Graph<Sale> {
        try Graph<Sale>("ways") { g in
            let open = g.node("open") { sale, _ in sale.log.append("open") }
            let risky = g.node("risky") { _, _ in throw Late() }
            let bad = g.node("bad") { _, _ in throw Late() }
            let mend = g.node("mend") { sale, context in sale.log.append("mended \(context.failures.count)") }
            let each = g.forEach("each", \.items) { item, _ in
                if item == "pen" { throw Late() }
                return item
            } settle: { sale, results in
                sale.total += results.count { (try? $0.get()) != nil }
            }
            let news = g.channel("news", of: String.self)
            let sender = g.node("sender") { sale, context in context.send("hello", to: news) }.sends(to: news)
            let reader = g.forEach("reader", news) { text, _ in
                text
            } collect: { sale, texts in
                sale.log += texts
            }
            let trigger = g.node("trigger") { _, context in
                try await context.environment.sleep(for: .milliseconds(50))
            }
            let member = g.node("member") { _, context in
                try await context.environment.sleep(for: .seconds(1_000))
            }
            let first = g.race("first", [Branch("only") { sale, _ in sale.log.append("raced") }])
            g.start(at: open)
            g.fork(from: open, to: risky, bad, each, sender, reader, trigger, member)
            g.edge(from: risky.passedOverOnFailure(), to: first)
            g.onFailure(of: bad, to: mend)
            g.select(from: trigger, to: [.end]) { _ in [] }
            g.cancelRegion([member], by: trigger)
        }
    }

    static func doubt(_ hangs: Bool = true) throws -> Graph<Sale> {
        try Graph<Sale>("doubt") { g in
            let send = g.node("send") { sale, context in
                sale.total = try await context.step("send", .atMostOnce) { () async throws -> Int in
                    if hangs { try await context.environment.sleep(for: .seconds(1_000)) }
                    return 1
                }
            }
            g.start(at: send)
        }
    }

    static func undoable() throws -> Graph<Sale> {
        try Graph<Sale>("undoable") { g in
            let cancel = g.compensation("cancel", of: String.self) { _, _ in }
            let nodes = ["flight", "hotel"].map { what in
                g.node(what) { sale, context in
                    try await context.step("book") {}
                    try await context.compensate(cancel, with: what)
                    sale.log.append(what)
                }
            }
            g.start(at: nodes[0])
            g.chain(nodes[0], nodes[1])
        }
    }

    static func large() throws -> Graph<Sale> {
        try Graph<Sale>("large") { g in
            let fill = g.node("fill") { sale, _ in
                sale.total += 1
                sale.note = String(repeating: "\(sale.total)", count: 8_000)
            }
            let empty = g.node("empty") { sale, _ in sale.note = "empty" }
            let close = g.node("close") { sale, _ in sale.log.append("closed") }
            g.start(at: fill)
            g.route(from: fill, to: [fill, empty]) { $0.total < 9 ? fill : empty }
            g.chain(empty, close)
        }
    }

    static func choice() throws -> Graph<Sale> {
        try Graph<Sale>("choice") { g in
            let first = g.race(
                "first",
                [
                    Branch("answer") { sale, context in sale.note = try await context.ask(Question("who", "Who buys?"))
                    },
                    Branch("signal") { sale, context in sale.total = try await context.signal(named: "paid") },
                    Branch("late") { sale, context in
                        try await context.sleep(for: .milliseconds(50))
                        sale.log.append("late")
                    },
                ])
            let close = g.node("close") { sale, _ in sale.log.append("closed") }
            g.start(at: first)
            g.chain(first, close)
        }
    }

    static func inner(_ outside: Outside, failing: Int = 0) throws -> Graph<Sale> {
        let inner = try Graph<Sale>("inner") { g in
            let first = g.node("first") { sale, _ in sale.log.append("first") }
            let second = g.node("second") { sale, _ in
                _ = try outside.call("second", failing: failing)
                sale.log.append("second")
            }
            g.start(at: first)
            g.chain(first, second)
        }
        return try Graph<Sale>("outer") { g in
            let sub = g.subgraph("sub", inner)
            g.start(at: sub.retry(.constant(attempts: 2, delay: .zero)))
        }
    }
}
