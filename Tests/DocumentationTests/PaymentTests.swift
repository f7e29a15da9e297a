import Apus
import ApusTesting
import Testing

struct Payment: GraphState { var receipt: Int? }

@Test(arguments: 0..<25 as Range<UInt64>)
func `an order is paid, whatever befalls its hosts`(seed: UInt64) {
    let report = DurableSimulation(seed: seed) { outside, _ in
        let graph = try Graph<Payment>("order") { g in
            let pay = g.node("pay") { order, context in
                try await outside.ask("leave", in: context)
                order.receipt = try await outside.step("card", .atMostOnce, in: context)
            }
            g.start(at: pay)
        }
        return [
            DurableWorkload(graph, from: Payment()) { $0.wasCancelled || $0.state?.receipt != nil ? [] : ["unpaid"] }
        ]
    }.run()
    #expect(report.complaints.isEmpty, "\(report)")
}
