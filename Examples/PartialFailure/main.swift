import Apus

// Work over many elements, some of which fail: keep what came out, or insist on enough of it.

struct Readings: GraphState {
    var texts: [String]
    var numbers: [Double] = []
    var failures: [String] = []
    static let fields: [Field<Self>] = [
        Field("texts", \.texts),
        Field("numbers", \.numbers, merging: .append),
        Field("failures", \.failures, merging: .append),
    ]
}

struct NotANumber: Error, CustomStringConvertible {
    let text: String
    var description: String { "\"\(text)\" is not a number" }
}

/// The work on one element: it knows nothing of the others, and simply throws.
@Sendable
func parse(_ text: String, _ context: NodeContext) async throws -> Double {
    guard let number = Double(text) else { throw NotANumber(text: text) }
    return number
}

/// All elements run to their end; each hands over a result or an error, in the order of the elements.
let tolerant = try Graph<Readings>("tolerant") { g in
    let parsing = g.forEach(
        "parse", \.texts, parse,
        settle: { readings, results in
            for result in results {
                switch result {
                case .success(let number): readings.numbers.append(number)
                case .failure(let error): readings.failures.append("\(error)")
                }
            }
        })
    g.start(at: parsing)
}

/// At least so many must succeed, or the node fails. As soon as they have, the rest is cancelled.
func demanding(_ count: Int) throws -> Graph<Readings> {
    try Graph<Readings>("at least \(count)") { g in
        let parsing = g.forEach(
            "parse", \.texts, concurrency: 1, policy: .atLeast(count), parse,
            collect: { readings, numbers in
                readings.numbers = numbers
            })
        let giveUp = g.node("give up") { readings, context in
            readings.failures = context.failures.map { "\($0.error)" }
        }
        g.start(at: parsing)
        g.onFailure(of: parsing, to: giveUp)
    }
}

let readings = Readings(texts: ["18.5", "n/a", "21.0", "", "19.5"])
for graph in [tolerant, try demanding(3), try demanding(4)] {
    let final = try await GraphExecutor().run(graph, from: readings)
    print("\(graph.name): \(final.numbers)")
    for failure in final.failures { print("    \(failure)") }
}
