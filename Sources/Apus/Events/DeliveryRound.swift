/// The deliveries of a courier from taking a subscription to losing it or letting go of it: performs what its machine decides.
struct DeliveryRound {
    /// What a child task has to say.
    enum Signal: Sendable {
        case ended(Int, Result<EventDelivery, any Error>)
        case fetched(Result<EventNews, any Error>)
        case stored(Result<Void, any Error>)
        case woke
    }

    let courier: EventCourier
    let planted = Planted()
    var tenure: EventCourier.Tenure
    var machine: DeliveryMachine
    /// The events that the machine knows and that are not settled.
    var records: [Int: EventRecord] = [:]
    /// Which attempt of each is under way.
    private var attempts: [Int: Int] = [:]
    /// What was handled and is to be written down, and what could not be.
    var deliveries: [Int: EventDelivery] = [:]
    var letters: [Int: DeadEvent] = [:]
    /// The events that were dead letters before.
    var again: Set<Int> = []
    /// What is being written down.
    var writing: CursorWrite?
    /// Until when nobody else can have the subscription.
    private var safeUntil: Instant
    private var fetchFrom: Instant
    private var storeFrom: Instant
    private var renewFrom: Instant
    private var isFetching = false
    private var mayHaveMore = true
    private var looksAgain = true
    /// Until when it waits, if nothing happens.
    private var waitsUntil: Instant?
    var isLost = false
    var failure: (any Error)?

    init(_ courier: EventCourier, _ tenure: EventCourier.Tenure) {
        let options = courier.subscription.options
        self.courier = courier
        self.tenure = tenure
        machine = DeliveryMachine(tenure.cursor, concurrency: options.concurrency, window: options.window)
        (fetchFrom, storeFrom) = (tenure.start, tenure.start)
        safeUntil = tenure.start.advanced(by: options.lease)
        renewFrom = tenure.start.advanced(by: options.lease / 3)
    }

    private var environment: any Environment { courier.environment }
    private var options: SubscriptionOptions { courier.subscription.options }

    /// Delivers until the subscription is lost, something can't be mended, or the task is cancelled.
    mutating func run() async throws {
        await withTaskGroup(of: Signal.self) { group in
            while !Task.isCancelled, !isLost, failure == nil {
                act(&group)
                guard let signal = await group.next() else { break }
                take(signal)
            }
            group.cancelAll()
            for await signal in group { take(signal) }
        }
        if !isLost { await letGo() }
        if let failure { throw failure }
    }

    /// Begins what can be begun now.
    private mutating func act(_ group: inout TaskGroup<Signal>) {
        let now = environment.now()
        while now < safeUntil, let (sequence, attempt) = machine.next(at: now.wallTime) {
            attempts[sequence] = attempt
            deliver(sequence, attempt, &group)
        }
        if !isFetching, now >= fetchFrom, looksAgain || mayHaveMore && machine.room > 0 { fetch(&group) }
        if writing == nil, now >= storeFrom, machine.isDirty || now >= renewFrom, let write = nextWrite(isLast: false) {
            store(write, &group)
        }
        wait(now, &group)
    }

    private mutating func wait(_ now: Instant, _ group: inout TaskGroup<Signal>) {
        var pause = courier.bus.options.poll
        if writing == nil {
            let next = machine.isDirty ? storeFrom : max(renewFrom, storeFrom)
            pause = min(pause, now.duration(to: next))
        }
        if mayHaveMore, now < fetchFrom { pause = min(pause, now.duration(to: fetchFrom)) }
        if now < safeUntil, let due = machine.due { pause = min(pause, now.wallTime.duration(to: due)) }
        let moment = now.advanced(by: max(pause, .milliseconds(1)))
        if let waitsUntil {
            if moment < waitsUntil { courier.bell.ring() }
            return
        }
        waitsUntil = moment
        let (bell, environment) = (courier.bell, environment)
        let duration = now.duration(to: moment)
        group.addTask(executorPreference: environment.executor) {
            await bell.wait(duration, environment)
            return .woke
        }
    }

    private mutating func take(_ signal: Signal) {
        switch signal {
        case .ended(let sequence, .success(let delivery)): handled(sequence, delivery)
        case .ended(let sequence, .failure(let error)): failed(sequence, error)
        case .fetched(let news):
            isFetching = false
            arrived(news)
        case .stored(let result):
            guard let write = writing else { return }
            writing = nil
            stored(write, result)
        case .woke:
            waitsUntil = nil
            (mayHaveMore, looksAgain) = (true, true)
        }
    }
}

/// Handling.
extension DeliveryRound {
    private func deliver(_ sequence: Int, _ attempt: Int, _ group: inout TaskGroup<Signal>) {
        guard let event = records[sequence] else { preconditionFailure("event \(sequence) is not there") }
        let (subscription, environment) = (courier.subscription, environment)
        let delivery = EventDelivery(
            subscriber: subscription.name, event: event, attempt: attempt, epoch: tenure.cursor.epoch)
        group.addTask(executorPreference: environment.executor) {
            do {
                return .ended(sequence, .success(try await subscription.handled(delivery, environment)))
            } catch {
                return .ended(sequence, .failure(error))
            }
        }
    }

    private mutating func handled(_ sequence: Int, _ delivery: EventDelivery) {
        let isWritten = !delivery.batch.isEmpty || again.contains(sequence)
        attempts[sequence] = nil
        if isWritten { deliveries[sequence] = delivery } else { records[sequence] = nil }
        machine.handled(sequence, holdsLine: isWritten)
    }

    mutating func failed(_ sequence: Int, _ error: any Error) {
        if error is CancellationError, Task.isCancelled || isLost || failure != nil {
            return machine.released(sequence)
        }
        guard let event = records[sequence] else { return }
        let now = environment.now().wallTime
        let attempt = attempts[sequence] ?? 1
        if attempt < options.retry.attempts, options.retry.accepts(error) {
            let delay = options.retry.delay(after: attempt, error: error, chance: environment.random())
            return machine.failed(sequence, due: now.advanced(by: delay))
        }
        attempts[sequence] = nil
        records[sequence] = nil
        letters[sequence] = DeadEvent(
            event, of: courier.subscription.name, attempts: attempt, error: error, time: now)
        machine.handled(sequence, holdsLine: false)
    }
}

/// Reading.
extension DeliveryRound {
    private mutating func fetch(_ group: inout TaskGroup<Signal>) {
        isFetching = true
        if machine.room > 0 { mayHaveMore = false }
        let request = EventNews.Request(
            subscriber: courier.subscription.name, first: machine.head, limit: min(machine.room, 128),
            looksAgain: looksAgain)
        looksAgain = false
        let bus = courier.bus
        group.addTask(executorPreference: environment.executor) {
            do {
                return .fetched(.success(try await bus.news(request)))
            } catch {
                return .fetched(.failure(error))
            }
        }
    }

    private mutating func arrived(_ result: Result<EventNews, any Error>) {
        switch result {
        case .success(let news):
            if let first = news.first { machine.skip(to: first) }
            let wanted = news.events.filter { courier.subscription.filter.admits($0) }
            for event in wanted where !tenure.cursor.isDone(event.sequence) { records[event.sequence] = event }
            if let last = news.events.last {
                machine.arrived(wanted.map { ($0.sequence, $0.key) }, end: last.sequence + 1)
            }
            for event in news.again where machine.again(event.sequence, event.key) {
                records[event.sequence] = event
                again.insert(event.sequence)
            }
            for (sequence, attempt) in machine.takeCrashed() {
                attempts[sequence] = attempt
                failed(sequence, crash(of: sequence))
            }
            if news.isFull || news.first != nil { mayHaveMore = true }
        case .failure(let error as StorageError) where error.failureKind == .transient:
            (mayHaveMore, looksAgain) = (true, true)
            fetchFrom = environment.now().advanced(by: .milliseconds(100))
        case .failure(is CancellationError): (mayHaveMore, looksAgain) = (true, true)
        case .failure(let error): failure = failure ?? error
        }
    }
}

/// Writing down.
extension DeliveryRound {
    private func crash(of sequence: Int) -> EventBusError {
        EventBusError(
            .crashed, subscriber: courier.subscription.name, sequence: sequence, event: records[sequence]?.id)
    }

    private mutating func store(_ write: CursorWrite, _ group: inout TaskGroup<Signal>) {
        writing = write
        let courier = courier
        group.addTask(executorPreference: environment.executor) {
            do {
                return .stored(.success(try await courier.store(write)))
            } catch {
                return .stored(.failure(error))
            }
        }
    }

    mutating func stored(_ write: CursorWrite, _ result: Result<Void, any Error>) {
        switch result {
        case .success:
            (tenure.cursor, tenure.bytes) = (write.cursor, write.bytes)
            safeUntil = write.start.advanced(by: options.lease)
            renewFrom = write.start.advanced(by: options.lease / 3)
            for sequence in write.sequences {
                deliveries[sequence] = nil
                letters[sequence] = nil
                records[sequence] = nil
                again.remove(sequence)
            }
            machine.committed(write.sequences)
            if !deliveries.isEmpty { machine.notCommitted() }
        case .failure(let error as StorageError) where error.code == .conflict:
            machine.notCommitted()
            let culprit = write.sequences.first { sequence in
                deliveries[sequence]?.batch.preconditions.contains { $0.key == error.key } ?? false
            }
            guard let culprit, error.key != courier.cursorKey, error.key != courier.leaseKey else {
                isLost = true
                return
            }
            attempts[culprit] = deliveries.removeValue(forKey: culprit)?.attempt
            failed(culprit, error)
        case .failure(let error as StorageError) where error.failureKind == .transient:
            machine.notCommitted()
            // What became of it is found out by taking the subscription again.
            if error.code == .unknownOutcome { isLost = true }
            storeFrom = environment.now().advanced(by: .milliseconds(100))
        case .failure(let error): failure = failure ?? error
        }
    }
}
