/// Gathers the attempts of a run from its events.
struct TimelineFold {
    private(set) var graph = ""
    private(set) var status: RunOverlay.Status?
    /// Time since the first event.
    private(set) var now = Duration.zero
    /// One span an activation, in the order of their first starts.
    private(set) var spans: [RunTimeline.Span] = []
    private(set) var pauses: [Range<Duration>] = []
    private var origin: Duration?
    private var pausedAt: Duration?
    private var position: [ActivationID: Int] = [:]
    private var open: Set<ActivationID> = []

    mutating func record(_ event: RunEvent) {
        let first = origin ?? event.instant.uptime
        origin = first
        now = max(now, event.instant.uptime - first)
        switch event.kind {
        case .runStarted(let name), .runContinued(let name):
            graph = name
            status = .running
        case .runSuspended, .runReleased: status = .waiting
        case .runPaused:
            status = .paused
            pausedAt = pausedAt ?? now
        case .runResumed:
            status = .running
            endPause()
        case .runCompleted: status = .completed
        case .runFailed: status = .failed
        case .runCancelled: status = .cancelled
        case .started(let id, let attempt): start(id, attempt)
        case .completed(let id): end(id, .completed)
        case .retrying(let id, _, let error, _): end(id, .waiting, error)
        case .failed(let id, let error): end(id, .failed, error)
        case .passedOver(let id, let error): end(id, .passedOver, error)
        case .cancelled(let id): end(id, .cancelled)
        case .suspended(let id): end(id, .waiting)
        case .skipped, .asked, .progress, .modelCalled, .toolCalled: break
        }
    }

    /// Gives what has not ended the last instant as its end.
    mutating func finish() {
        endPause()
        for span in spans.indices {
            for bar in spans[span].bars.indices where spans[span].bars[bar].outcome == .running {
                spans[span].bars[bar].end = now
            }
        }
    }

    private mutating func endPause() {
        if let start = pausedAt { pauses.append(start..<now) }
        pausedAt = nil
    }

    private mutating func start(_ id: ActivationID, _ attempt: Int) {
        open.insert(id)
        let bar = RunTimeline.Bar(activation: id, attempt: attempt, start: now, end: now)
        if let known = position[id] {
            let last = spans[known].bars.count - 1
            if spans[known].bars[last].outcome == .running {
                guard spans[known].bars[last].attempt != attempt else { return }
                spans[known].bars[last].end = now
                spans[known].bars[last].outcome = .cancelled
            }
            spans[known].bars.append(bar)
        } else {
            position[id] = spans.count
            spans.append(.init(bars: [bar]))
        }
    }

    private mutating func end(_ id: ActivationID, _ outcome: RunOverlay.Status, _ error: String? = nil) {
        guard open.remove(id) != nil, let span = position[id] else { return }
        let last = spans[span].bars.count - 1
        spans[span].bars[last].end = now
        spans[span].bars[last].outcome = outcome
        spans[span].bars[last].error = error
        spans[span].bars[last].failures = outcome == .failed ? 1 : 0
    }
}
