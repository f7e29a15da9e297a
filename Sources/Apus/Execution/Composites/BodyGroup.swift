/// The bodies of one composite activation: workers that take the next body until the composite is settled.
final class BodyGroup<Output: Sendable>: Sendable {
    private struct State {
        var gather: Gather
        var results: [Result<Output, any Error>?]
        var failure: (any Error)?
        /// The bodies that ended before this worker took the run up.
        var known: Set<Int> = []
        /// How many bodies have come to a result, stored or not.
        var arrived = 0
        /// How many workers have not ended, and whether the composite is under way again itself.
        var workers = 0
        var isBack = true

        mutating func next(beyondVerdict: Bool) -> Int? {
            while let index = gather.next(beyondVerdict: beyondVerdict) {
                if !known.contains(index) { return index }
            }
            return nil
        }
    }

    private let state: Guarded<State>
    private let until: (@Sendable ([Output]) -> Bool)?
    private let call: BodyCall
    private let planted = Planted()
    /// Where the bodies have names of their own.
    private let site: ActivationSite?
    private let settled = StopSignal()
    private let records: BodyRecords<Output>?
    private let activity: RunActivity?

    init(
        _ gather: Gather, _ context: NodeContext, until: (@Sendable ([Output]) -> Bool)?, site: ActivationSite? = nil,
        codec: BodyCodec<Output>
    ) {
        records = BodyRecords(context, codec)
        activity = records == nil ? nil : (context.site.services as? RunCore)?.activity
        self.site = site
        state = Guarded(State(gather: gather, results: Array(repeating: nil, count: gather.count ?? 0)))
        self.until = until
        call = BodyCall(context)
    }

    /// The results so far, in the order of the bodies; failures only where they are results.
    func results() -> [Result<Output, any Error>] {
        state.withLock { state in
            state.results.compactMap { result in
                if case .failure = result, !state.gather.collects { return nil }
                return result
            }
        }
    }

    /// Runs the bodies until enough have ended, cancels the rest, and throws if too many failed.
    func run(workers: Int, _ body: @escaping @Sendable (Int, NodeContext) async throws -> Output) async throws {
        try recall()
        if completion?.outcome == .completed { complete() }
        await withDiscardingTaskGroup { group in
            if completion != nil || workers > 1 {
                handOver(to: workers, isBack: false)
                for _ in 0..<workers { group.addTask { await self.work(body) } }
                group.addTask { await self.watch() }
                _ = await settled.wait()
                group.cancelAll()
            } else {
                handOver(to: 1, isBack: false)
                await work(body)
            }
        }
        try check()
    }

    /// The same, but when enough have ended the composite hands its change on and the rest goes on.
    func runOn<State: GraphState>(
        workers: Int, _ body: @escaping @Sendable (Int, NodeContext) async throws -> Output,
        _ finish: @escaping @Sendable () async throws -> State
    ) async throws {
        try recall()
        if completion?.outcome == .completed { complete() }
        handOver(to: workers, isBack: true)
        let failure = Guarded<(any Error)?>(nil)
        await withDiscardingTaskGroup { watch in
            watch.addTask { await self.watch() }
            await withDiscardingTaskGroup { group in
                for _ in 0..<workers {
                    group.addTask { await self.work(body, runsOn: true) }
                }
                if state.withLock({ $0.gather.verdict == .goesOn }) { _ = await settled.wait() }
                do {
                    try check()
                    let state = try await finish()
                    call.context.extras?.handle?.completeEarly(state, call.context)
                    if completion?.outcome == .completed { group.cancelAll() }
                } catch {
                    failure.withLock { $0 = error }
                    group.cancelAll()
                }
            }
            watch.cancelAll()
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Fires when a region asks for an early end.
    private var completion: StopSignal? { call.context.extras?.handle?.completion }

    private func check() throws {
        let (gather, failure) = state.withLock { ($0.gather, $0.failure) }
        if Task.isCancelled { throw CancellationError() }
        if gather.verdict == .failed {
            throw failure ?? TooFewError(needed: gather.needed ?? 0, count: gather.count ?? 0)
        }
    }

    private func work(_ body: @Sendable (Int, NodeContext) async throws -> Output, runsOn: Bool = false) async {
        while !Task.isCancelled, let index = state.withLock({ $0.next(beyondVerdict: runsOn) }) {
            do {
                let output = try await perform(index, body)
                if let records { try await records.ended(index, .success(output), isLast: arrive() && !runsOn) }
                end(index, .success(output))
            } catch {
                if Task.isCancelled { break }
                if records != nil, isResult(error) { try? await records?.ended(index, .failure(error)) }
                end(index, .failure(error))
            }
        }
        if state.withLock({ $0.gather.verdict != .goesOn }) || Task.isCancelled { settle() }
        leave()
    }

    /// Notes that a body has come to a result; returns whether the composite ends with it.
    private func arrive() -> Bool {
        state.withLock { state in
            state.arrived += 1
            return until == nil && state.gather.needed == nil && state.arrived == state.gather.count
        }
    }

    /// Whether the failure of a body counts without failing the composite at once.
    private func isResult(_ error: any Error) -> Bool {
        if (error as? JournalError)?.code == .coding { return false }
        return state.withLock { $0.gather.collects || $0.gather.needed != nil }
    }

    /// Lets the bodies that ended before have ended again, in the same order.
    private func recall() throws {
        guard let records, !planted(.bodiesForgotten) else { return }
        if records.isReplayed, site == nil, until == nil, state.withLock({ $0.gather.needed == nil }) { return }
        for record in records.past {
            guard let index = record.number else { continue }
            let result = try records.result(record)
            state.withLock { state in
                state.known.insert(index)
                state.arrived += 1
            }
            end(index, result)
        }
    }

    private func perform(
        _ index: Int, _ body: @Sendable (Int, NodeContext) async throws -> Output
    ) async throws -> Output {
        if let site { return try await call.named(site, index) { try await body(index, $0) } }
        return try await call(index) { try await body(index, $0) }
    }

    private func end(_ index: Int, _ result: Result<Output, any Error>) {
        let isSettled = state.withLock { state in
            guard state.gather.verdict == .goesOn else { return false }
            state.results[planted(.elementsAsTheyEnd) ? state.gather.ended : index] = result
            var success = true
            if case .failure(let error) = result {
                success = false
                if state.failure == nil { state.failure = error }
            }
            if state.gather.ended(success) { return true }
            guard let until else { return false }
            let outputs = state.results.compactMap { try? $0?.get() }
            return until(outputs) && state.gather.complete()
        }
        if isSettled { settle() }
    }

    private func watch() async {
        if await completion?.wait() == .completed { complete() }
    }

    private func complete() {
        if state.withLock({ $0.gather.complete() }) { settle() }
    }
}

/// Who counts as under way in a run that is put away when nothing is.
extension BodyGroup {
    private func handOver(to workers: Int, isBack: Bool) {
        guard let activity else { return }
        state.withLock { state in
            state.workers = workers
            state.isBack = state.isBack && isBack
        }
        activity.more(workers)
        if !isBack { activity.less() }
    }

    private func settle() {
        comeBack()
        settled.fire(.completed)
    }

    /// The composite is under way again, before those who settled it leave.
    private func comeBack() {
        guard let activity else { return }
        let wasAway = state.withLock { state in
            defer { state.isBack = true }
            return !state.isBack
        }
        if wasAway { activity.more() }
    }

    private func leave() {
        guard let activity else { return }
        let isLast = state.withLock { state in
            state.workers -= 1
            return state.workers == 0
        }
        if isLast { comeBack() }
        activity.less()
    }
}
