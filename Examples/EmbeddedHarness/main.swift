import Apus
import ApusTesting

// Two seconds of waiting take no time here: the simulator's clock jumps. Each seed lets the checks end in its own order,
// and the log is the same with every seed all the same.

let harness = Harness(graph: try orderGraph(), seeds: 0..<200)

try harness.check(
    from: Order(total: 50), to: Order(total: 50, log: ["stock", "credit", "weighed", "shipped"]),
    .skipped("approve"), .order(of: "stock", before: "weigh"), .order(of: "credit", before: "weigh"))
print("small orders ship at once: holds for 200 seeds")

try harness.check(
    from: Order(total: 5000), to: Order(total: 5000, log: ["stock", "credit", "weighed", "approved", "shipped"]),
    .visited("approve", times: 1), .order(of: "approve", before: "ship"), .ended(.completed))
print("large orders are approved first: holds for 200 seeds")

do {
    try harness.check(
        from: Order(total: 50), to: Order(total: 50, log: ["stock", "credit", "weighed", "shipped"]),
        .order(of: "stock", before: "credit"))
} catch {
    print("stock is checked before credit: does not hold\n\(error)")
}
