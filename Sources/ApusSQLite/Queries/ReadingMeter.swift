import Apus
import CSQLite

/// Ends a statement that takes too long, too much, or has been given up.
final class ReadingMeter {
    /// After so many instructions of SQLite's machine it looks again.
    private static let stride = 1_000

    private let limits: SQLiteReaderLimits
    private let now: @Sendable () -> Instant
    private var instructions = 0
    private var deadline: Instant
    private var memory = 0
    private var mark = CancellationMark()
    /// Why it ended a statement.
    private(set) var verdict: String?

    init(_ limits: SQLiteReaderLimits, now: @escaping @Sendable () -> Instant) {
        self.limits = limits
        self.now = now
        deadline = now()
    }

    var isCancelled: Bool { mark.isSet }

    func begin(_ mark: CancellationMark) {
        self.mark = mark
        instructions = 0
        deadline = now().advanced(by: limits.time)
        memory = Int(sqlite3_memory_used())
        verdict = nil
    }

    private func goesOn() -> Bool {
        instructions += Self.stride
        if mark.isSet {
            verdict = "it was given up"
        } else if instructions > limits.instructions {
            verdict = "it takes more than \(limits.instructions) instructions"
        } else if now() >= deadline {
            verdict = "it takes longer than \(limits.time)"
        } else if Int(sqlite3_memory_used()) - memory > limits.memory {
            verdict = "it takes more than \(limits.memory) bytes of memory"
        }
        return verdict == nil
    }

    /// Lets the connection ask this object, which has to live as long as it does.
    func attend(_ connection: OpaquePointer) {
        sqlite3_progress_handler(
            connection, Int32(Self.stride),
            { context in
                guard let context else { return 1 }
                return Unmanaged<ReadingMeter>.fromOpaque(context).takeUnretainedValue().goesOn() ? 0 : 1
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
