/// Pairs the elements of two channels in their order and runs one body per pair, as soon as both of its elements are known.
struct ZipNode<State: GraphState, First: Sendable, Second: Sendable, Output: Codable & Sendable>: Node {
    let first: Int
    let second: Int
    let body: @Sendable (First, Second, NodeContext) async throws -> Output
    let collect: @Sendable (inout State, [Output]) async throws -> Void

    func run(_ state: inout State, in context: NodeContext) async throws {
        guard let handle = context.extras?.handle else { preconditionFailure("a reader has a handle") }
        let mailboxes = [handle.mailbox(first), handle.mailbox(second)]
        for mailbox in mailboxes { mailbox.begin(context.rounds) }
        let work = BodyCall(context)
        let records = BodyRecords<Output>(context, .json)
        let body = body
        let outputs = try await withThrowingTaskGroup(of: Step.self) { group in
            var pairs = Pairs()
            for side in 0...1 { group.addTask { .arrived(side, await mailboxes[side].next()) } }
            group.addTask { await handle.completion.wait() == .completed ? .enough : .ignored }
            while pairs.goesOn, let step = try await group.next() {
                if case .arrived(let side, _?) = step {
                    group.addTask { .arrived(side, await mailboxes[side].next()) }
                }
                guard let (number, left, right) = pairs.take(step) else { continue }
                group.addTask {
                    guard let left = left.value as? First, let right = right.value as? Second else { return .ignored }
                    if let known = try records?.result(of: number) { return .done(number, known) }
                    let output = try await work(number) { try await body(left, right, $0) }
                    try await records?.ended(number, .success(output))
                    return .done(number, output)
                }
            }
            group.cancelAll()
            return pairs.outputs
        }
        try Task.checkCancellation()
        try await collect(&state, outputs)
    }

    private enum Step: Sendable {
        case arrived(Int, Mailbox.Letter?)
        case done(Int, Output)
        case enough
        case ignored
    }

    /// What has come on either side, and the pairs made of it.
    private struct Pairs {
        private var letters: [[Mailbox.Letter]] = [[], []]
        private var isOpen = [true, true]
        private var begun = 0
        private var done: [(number: Int, output: Output)] = []
        private var isEnough = false

        /// Whether a further pair may come or a body runs.
        var goesOn: Bool {
            let mayCome = (0...1).allSatisfy { isOpen[$0] || letters[$0].count > begun }
            return !isEnough && (mayCome || done.count < begun)
        }

        var outputs: [Output] { done.sorted { $0.number < $1.number }.map(\.output) }

        mutating func take(_ step: Step) -> (number: Int, left: Mailbox.Letter, right: Mailbox.Letter)? {
            switch step {
            case .arrived(let side, let letter?):
                letters[side].append(letter)
                guard letters[0].count > begun, letters[1].count > begun else { return nil }
                begun += 1
                return (begun - 1, letters[0][begun - 1], letters[1][begun - 1])
            case .arrived(let side, nil): isOpen[side] = false
            case .done(let number, let output): done.append((number, output))
            case .enough: isEnough = true
            case .ignored: break
            }
            return nil
        }
    }
}
