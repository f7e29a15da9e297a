import Foundation

/// What one or several threads have still to do.
final class JobQueue<Job: Sendable>: @unchecked Sendable {
    // Invariant: what is variable is touched with the condition locked only.
    private let condition = NSCondition()
    private var jobs: [Job] = []
    /// How many of `jobs` were taken.
    private var taken = 0
    private var sleepers = 0
    private var isClosed = false

    /// `false` if the queue was closed, and the job will not be done.
    func add(_ job: Job) -> Bool {
        condition.lock()
        let isTaken = !isClosed
        if isTaken { jobs.append(job) }
        let wakes = sleepers > 0
        condition.unlock()
        // Whoever wakes finds the lock free.
        if wakes { condition.signal() }
        return isTaken
    }

    /// The oldest jobs, `limit` at most; waits until there is one. It is empty once the queue is closed and all is done.
    func take(atMost limit: Int) -> ArraySlice<Job> {
        condition.lock()
        defer { condition.unlock() }
        while taken == jobs.count, !isClosed {
            sleepers += 1
            condition.wait()
            sleepers -= 1
        }
        let first = jobs[taken...].prefix(limit)
        taken += first.count
        if taken == jobs.count {
            jobs = []
            taken = 0
        } else if taken > 1_024 {
            jobs.removeFirst(taken)
            taken = 0
        }
        return first
    }

    /// Takes no more jobs; those it has are still done.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }
}
