import Apus
import Testing

/// Sleeping in the live environment: never too short, and over at once when cancelled.
@Suite struct LiveSleepTests {
    private let environment = LiveEnvironment()

    @Test func `nobody wakes before the deadline, whatever the order in which they lie down`() async throws {
        let begin = environment.now()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<400 {
                let deadline = begin.advanced(by: .microseconds(number * 7_919 % 5_000))
                group.addTask { [environment] in
                    try await environment.sleep(until: deadline)
                    return environment.now() >= deadline
                }
            }
            for try await isLate in group { #expect(isLate) }
        }
    }

    @Test func `a deadline in the past is over at once, unless the task is cancelled`() async throws {
        try await environment.sleep(for: .seconds(-1))
        let task = environment.spawn { [environment] in
            withUnsafeCurrentTask { $0?.cancel() }
            try await environment.sleep(for: .zero)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `who is cancelled wakes at once and leaves the others asleep`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<500 {
                group.addTask { [environment] in
                    try await withThrowingTaskGroup(of: Void.self) { pair in
                        pair.addTask { try await environment.sleep(for: .seconds(3_600)) }
                        pair.addTask { try await environment.sleep(for: .microseconds(10)) }
                        try await pair.next()
                        pair.cancelAll()
                        await #expect(throws: CancellationError.self) { try await pair.next() }
                    }
                }
            }
            group.addTask { [environment] in try await environment.sleep(for: .milliseconds(5)) }
            try await group.waitForAll()
        }
    }

    @Test func `a nearer deadline than all before is met`() async throws {
        let far = environment.spawn { [environment] in try await environment.sleep(for: .seconds(3_600)) }
        for step in 0..<20 { try await environment.sleep(for: .microseconds(2_000 - 100 * step)) }
        far.cancel()
        await #expect(throws: CancellationError.self) { try await far.value }
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(86_400 * 365 * 300), .seconds(1e20)])
    func `a deadline beyond all clocks is never reached, and others sleep well beside it`(far: Duration) async throws {
        let task = environment.spawn { [environment] in try await environment.sleep(for: far) }
        for _ in 0..<20 { try await environment.sleep(for: .microseconds(50)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `whoever is cancelled about when it is due ends once, whichever comes first`() async throws {
        let ends = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<2_000 {
                group.addTask { [environment] in
                    let task = environment.spawn {
                        try await environment.sleep(for: .microseconds(number % 400))
                    }
                    try await environment.sleep(for: .microseconds(number * 7 % 400))
                    task.cancel()
                    if case .failure(let error) = await task.result { #expect(error is CancellationError) }
                    return 1
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(ends == 2_000)
    }

    @Test func `20,000 sleep and are woken by cancellation`() async {
        let woken = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<20_000 {
                group.addTask { [environment] in
                    do {
                        try await environment.sleep(for: .seconds(3_600 + number * 7_919 % 20_000))
                        return false
                    } catch {
                        return error is CancellationError
                    }
                }
            }
            group.cancelAll()
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(woken == 20_000)
    }
}
