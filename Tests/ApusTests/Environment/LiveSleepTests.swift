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
}
