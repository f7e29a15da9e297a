import Dispatch
public import Testing

/// Takes tests that compute for long off the threads of the pool, to a thread of their own, where one runs after the other.
///
/// The pool has as many threads as the machine has cores, and all tests begin at once. Simulations that occupy every
/// thread would have each test that talks to a server or a process wait until its limits of time are over. And several of them
/// side by side are slower than in a row: in a debug build each look-up of a generic type's metadata takes one lock of the runtime.
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
    /// Runs the test, or every test of the suite, on a thread apart from those that the others share.
    public static var aside: Self { Self() }
}

private final class AsideExecutor: TaskExecutor {
    static let shared = AsideExecutor()
    private let queue = DispatchQueue(label: "aside", qos: .utility)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
