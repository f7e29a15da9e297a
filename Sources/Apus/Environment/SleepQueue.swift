/// Those who sleep in the live environment, woken in the order of their deadlines by a task that sleeps until the next.
///
/// A sleep of the runtime takes a timer of the kernel and two kilobytes; here it takes an entry in a heap. Nobody is woken early;
/// late by ``pause`` at most, besides what the machine's load adds.
final class SleepQueue: Sendable {
    static let live = SleepQueue()

    /// The least time that an alarm sleeps, so that many deadlines close together share one.
    private static let pause = Duration.microseconds(100)
    /// The longest: the runtime is not asked for times that its clocks can't count.
    private static let day = Duration.seconds(86_400)

    private typealias Line = SleepLine<CheckedContinuation<Void, any Error>>

    private let line = Guarded(Line())

    /// Returns when the monotonic clock has reached `deadline`, or throws `CancellationError` promptly when the task is cancelled.
    func sleep(until deadline: Duration) async throws {
        let sleeper = Line.Sleeper()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch line.withLock({ $0.add(sleeper, until: deadline, continuation) }) {
                case .asleep(let alarm?): set(alarm)
                case .asleep(nil): break
                case .cancelled: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            line.withLock { $0.cancel(sleeper) }?.resume(throwing: CancellationError())
        }
    }

    private func set(_ alarm: Duration) {
        // Invariant: those who sleep wait for it, and it ends when nobody needs it, at its time at the latest. It belongs to no run,
        // and it comes first, since what is urgent may sleep.
        Task.detached(priority: .high) { [self] in
            var next: Duration? = alarm
            while let alarm = next {
                let left = alarm - SystemClocks.monotonic()
                try? await Task.sleep(for: min(max(left, Self.pause), Self.day))
                next = ring(alarm)
            }
        }
    }

    private func ring(_ alarm: Duration) -> Duration? {
        var woken: [CheckedContinuation<Void, any Error>] = []
        let next = line.withLock { $0.ring(alarm, at: SystemClocks.monotonic(), into: &woken) }
        for continuation in woken { continuation.resume() }
        return next
    }
}
