/// Runs one body per element of a channel, as the elements come, until all senders have ended.
struct ForEachChannelNode<State: GraphState, Element: Sendable, Output: Sendable>: Node {
    let channel: Int
    let concurrency: Int
    let until: (@Sendable ([Output]) -> Bool)?
    let body: @Sendable (Element, NodeContext) async throws -> Output
    let collect: @Sendable (inout State, [Output]) async throws -> Void

    func run(_ state: inout State, in context: NodeContext) async throws {
        guard let handle = context.extras?.handle else { preconditionFailure("a reader has a handle") }
        let mailbox = handle.mailbox(channel)
        let call = BodyCall(context)
        let body = body
        let executor = context.environment.executor
        let places = TurnstileGate(capacity: max(1, concurrency))
        let until = until
        typealias Done = (letter: Mailbox.Letter, output: Output)
        let done = try await withThrowingTaskGroup(of: Step<Output>.self) { group in
            var done: [Done] = []
            var index = 0
            var isOpen = true
            var open = 0
            group.addTask(executorPreference: executor) { .arrived(await mailbox.next()) }
            group.addTask(executorPreference: executor) { await handle.completion.wait() == .completed ? .enough : .ignored }
            while isOpen || open > 0, let step = try await group.next() {
                switch step {
                case .arrived(nil): isOpen = false
                case .arrived(let letter?):
                    guard let element = letter.value as? Element else { continue }
                    let number = index
                    index += 1
                    open += 1
                    group.addTask(executorPreference: executor) {
                        try await places.enter()
                        defer { places.leave() }
                        return .done(letter, try await call(number) { try await body(element, $0) })
                    }
                    group.addTask(executorPreference: executor) { .arrived(await mailbox.next()) }
                case .done(let letter, let output):
                    open -= 1
                    done.append((letter, output))
                    if let until, until(sorted(done)) { (isOpen, open) = (false, 0) }
                case .enough: (isOpen, open) = (false, 0)
                case .ignored: break
                }
            }
            group.cancelAll()
            return sorted(done)
        }
        try Task.checkCancellation()
        try await collect(&state, done)
    }

    private func sorted(_ done: [(letter: Mailbox.Letter, output: Output)]) -> [Output] {
        done.sorted { $0.letter < $1.letter }.map(\.output)
    }

    private enum Step<Value: Sendable>: Sendable {
        case arrived(Mailbox.Letter?)
        case done(Mailbox.Letter, Value)
        case enough
        case ignored
    }
}

/// Pairs the elements of two channels in their order and runs one body per pair.
struct ZipNode<State: GraphState, First: Sendable, Second: Sendable, Output: Sendable>: Node {
    let first: Int
    let second: Int
    let body: @Sendable (First, Second, NodeContext) async throws -> Output
    let collect: @Sendable (inout State, [Output]) async throws -> Void

    func run(_ state: inout State, in context: NodeContext) async throws {
        guard let handle = context.extras?.handle else { preconditionFailure("a reader has a handle") }
        let lefts = await drain(handle.mailbox(first), as: First.self)
        let rights = await drain(handle.mailbox(second), as: Second.self)
        try Task.checkCancellation()
        let pairs = Array(zip(lefts, rights))
        let body = body
        let group = BodyGroup<Output>(Gather(count: pairs.count, needed: nil, collects: false), context, until: nil)
        try await group.run(workers: max(1, min(16, pairs.count))) { index, context in
            try await body(pairs[index].0, pairs[index].1, context)
        }
        try await collect(&state, group.results().compactMap { try? $0.get() })
    }

    private func drain<Element: Sendable>(_ mailbox: Mailbox, as type: Element.Type) async -> [Element] {
        var letters: [Mailbox.Letter] = []
        while let letter = await mailbox.next() { letters.append(letter) }
        return letters.sorted().compactMap { $0.value as? Element }
    }
}
