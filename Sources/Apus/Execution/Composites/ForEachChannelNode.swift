/// Runs one body per element of a channel, as the elements come, until all senders have ended.
struct ForEachChannelNode<State: GraphState, Element: Sendable, Output: Codable & Sendable>: Node {
    let channel: Int
    let concurrency: Int
    let until: (@Sendable ([Output]) -> Bool)?
    let body: @Sendable (Element, NodeContext) async throws -> Output
    let collect: @Sendable (inout State, [Output]) async throws -> Void

    func run(_ state: inout State, in context: NodeContext) async throws {
        guard let handle = context.extras?.handle else { preconditionFailure("a reader has a handle") }
        let mailbox = handle.mailbox(channel)
        mailbox.begin(context.rounds)
        let work = BodyCall(context)
        let records = BodyRecords<Output>(context, .json)
        let places = TurnstileGate(capacity: max(1, concurrency))
        let body = body
        let outputs = try await withThrowingTaskGroup(of: Step.self) { group in
            var progress = Progress()
            group.addTask { .arrived(await mailbox.next()) }
            group.addTask {
                await handle.completion.wait() == .completed ? .enough : .ignored
            }
            while progress.goesOn, let step = try await group.next() {
                guard let (number, letter) = progress.take(step, until: until) else { continue }
                group.addTask {
                    guard let element = letter.value as? Element else { return .ignored }
                    try await places.enter()
                    defer { places.leave() }
                    if let known = try records?.result(of: number) { return .done(letter, known) }
                    let output = try await work(number) { try await body(element, $0) }
                    try await records?.ended(number, .success(output))
                    return .done(letter, output)
                }
                group.addTask { .arrived(await mailbox.next()) }
            }
            group.cancelAll()
            return progress.outputs
        }
        try Task.checkCancellation()
        try await collect(&state, outputs)
    }

    private enum Step: Sendable {
        case arrived(Mailbox.Letter?)
        case done(Mailbox.Letter, Output)
        case enough
        case ignored
    }

    /// How far the reader is.
    private struct Progress {
        private var done: [(letter: Mailbox.Letter, output: Output)] = []
        private var begun = 0
        private var isOpen = true
        private var isEnough = false

        var goesOn: Bool { !isEnough && (isOpen || done.count < begun) }

        /// In the order of the senders and of their elements.
        var outputs: [Output] { done.sorted { $0.letter < $1.letter }.map(\.output) }

        /// Takes a step, and returns the element whose body is to start next.
        mutating func take(_ step: Step, until: (([Output]) -> Bool)?) -> (number: Int, letter: Mailbox.Letter)? {
            switch step {
            case .arrived(nil): isOpen = false
            case .arrived(let letter?):
                begun += 1
                return (begun - 1, letter)
            case .done(let letter, let output):
                done.append((letter, output))
                if let until { isEnough = until(outputs) }
            case .enough: isEnough = true
            case .ignored: break
            }
            return nil
        }
    }
}

extension ForEachChannelNode: SoundnessNode {
    var mayEndEarly: Bool { until != nil }
}
