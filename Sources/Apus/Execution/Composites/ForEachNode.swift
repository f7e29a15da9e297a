import Synchronization

/// Runs one body per element, at most so many at once, and hands the results on in element order.
struct ForEachNode<State: GraphState, Elements, Output: Codable & Sendable>: Node
where Elements: RandomAccessCollection & Sendable, Elements.Element: Sendable, Elements.Index == Int {
    let elements: @Sendable (State) -> Elements
    let concurrency: Int
    let policy: ElementPolicy
    let collects: Bool
    let rest: RestPolicy
    let until: (@Sendable ([Output]) -> Bool)?
    let retry: RetryPolicy?
    let timeout: Duration?
    let body: @Sendable (Elements.Element, NodeContext) async throws -> Output
    let collect: @Sendable (inout State, [Result<Output, any Error>]) async throws -> Void

    func run(_ state: inout State, in context: NodeContext) async throws {
        let elements = elements(state)
        let gather = Gather(count: elements.count, needed: policy.needed, collects: collects)
        let work = BodyGroup<Output>(gather, context, until: until, codec: .json)
        let first = elements.startIndex
        let (body, retry, timeout) = (body, retry, timeout)
        let attempt: @Sendable (Elements.Element, NodeContext) async throws -> Output = { element, context in
            guard let timeout else { return try await body(element, context) }
            return try await context.guarded(by: WorkGuard(timeout: timeout)) { try await body(element, context) }
        }
        let perform: @Sendable (Int, NodeContext) async throws -> Output = { index, context in
            guard let retry else { return try await attempt(elements[first + index], context) }
            return try await retry.attempts(context) { try await attempt(elements[first + index], $0) }
        }
        let workers = min(max(1, concurrency), max(1, elements.count))
        guard rest == .runsOn else {
            try await work.run(workers: workers, perform)
            return try await collect(&state, work.results())
        }
        let before = state
        let collect = collect
        try await work.runOn(workers: workers, perform) {
            var state = before
            try await collect(&state, work.results())
            return state
        }
    }
}
