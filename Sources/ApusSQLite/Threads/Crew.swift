import Foundation

/// Threads that belong together, and those who wait until all have ended.
final class Crew: @unchecked Sendable {
    // Invariant: what is variable is touched with the condition locked only.
    private let condition = NSCondition()
    private var count = 0
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Starts a thread that may block, as no thread of the cooperative pool may.
    func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        condition.lock()
        count += 1
        condition.unlock()
        let thread = Thread { [self] in
            body()
            leave()
        }
        thread.name = name
        thread.start()
    }

    private func leave() {
        condition.lock()
        count -= 1
        let woken = count == 0 ? waiters : []
        if count == 0 { waiters = [] }
        condition.broadcast()
        condition.unlock()
        for waiter in woken { waiter.resume() }
    }

    /// Blocks the calling thread until all have ended.
    func wait() {
        condition.lock()
        defer { condition.unlock() }
        while count > 0 { condition.wait() }
    }

    /// Returns when all have ended.
    func ended() async {
        await withCheckedContinuation { waiter in
            if !enlist(waiter) { waiter.resume() }
        }
    }

    private func enlist(_ waiter: CheckedContinuation<Void, Never>) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        if count == 0 { return false }
        waiters.append(waiter)
        return true
    }
}
