import Apus

/// The state of the measured graphs: a field that is summed up, one that is appended to, and an exclusive one.
struct Tally: GraphState {
    var total = 0
    var seen: [Int] = []
    var numbers: [Int] = []

    static let fields: [Field<Self>] = [
        Field("total", \.total, merging: .sum), Field("seen", \.seen, merging: .append), Field("numbers", \.numbers),
    ]
}

/// Counts one step.
struct Count: Node {
    func run(_ state: inout Tally, in context: NodeContext) async throws {
        state.total &+= 1
    }
}

/// Counts one step and notes who took it.
struct Sign: Node {
    let number: Int

    func run(_ state: inout Tally, in context: NodeContext) async throws {
        state.total &+= 1
        state.seen.append(number)
    }
}

/// The same after it has let others have their turn.
struct Yield: Node {
    let number: Int

    func run(_ state: inout Tally, in context: NodeContext) async throws {
        await Task.yield()
        state.total &+= 1
        state.seen.append(number)
    }
}

/// Sleeps for 10 ms.
struct Nap: Node {
    func run(_ state: inout Tally, in context: NodeContext) async throws {
        try await context.environment.sleep(for: .milliseconds(10))
        state.total &+= 1
    }
}
