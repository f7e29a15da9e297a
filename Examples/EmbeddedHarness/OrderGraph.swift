import Apus

struct Order: GraphState {
    var total: Int
    var log: [String] = []
    static let fields: [Field<Self>] = [Field("total", \.total), Field("log", \.log, merging: .append)]
}

/// The graph under test: checks stock and credit side by side, and asks for an approval of large orders only.
func orderGraph() throws -> Graph<Order> {
    try Graph<Order>("order") { g in
        let stock = g.node("stock", Check(what: "stock"))
        let credit = g.node("credit", Check(what: "credit"))
        let weigh = g.node("weigh") { order, _ in order.log.append("weighed") }
        let approve = g.node("approve") { order, _ in order.log.append("approved") }
        let ship = g.node("ship") { order, _ in order.log.append("shipped") }
        g.start(at: stock, credit)
        g.chain(stock, weigh)
        g.chain(credit, weigh)
        g.route(from: weigh, to: [approve, ship]) { $0.total > 1000 ? approve : ship }
        g.chain(approve, ship)
    }
}

/// Asks a service that takes up to two seconds.
private struct Check: Node {
    let what: String

    func run(_ order: inout Order, in context: NodeContext) async throws {
        try await context.environment.sleep(for: .milliseconds(context.environment.random() % 2000))
        order.log.append(what)
    }
}
