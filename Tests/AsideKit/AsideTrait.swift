import Dispatch
public import Testing

/// Takes tests that compute for long off the threads of the pool.
///
/// The pool has as many threads as the machine has cores, and all tests begin at once. Simulations that occupy every
/// thread would have each test that talks to a server or a process wait until its limits of time are over.
public struct AsideTrait: TestTrait, SuiteTrait, TestScoping {
    public var isRecursive: Bool { true }

    @concurrent
    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(AsideExecutor.shared) { try await function() }
    }
}

extension Trait where Self == AsideTrait {
    /// Runs the test, or every test of the suite, on other threads than those that all tests share.
    public static var aside: Self { Self() }
}

/// Threads of their own: Dispatch keeps them apart from those of another quality of service, and the system shares the
/// cores out among all.
private final class AsideExecutor: TaskExecutor {
    static let shared = AsideExecutor()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        DispatchQueue.global(qos: .utility).async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
