import Apus
import OverdueRequestsKit

/// The receiver of notices, and not to be relied on: it is slow, fails now and then, loses answers, and is down for some hours. It
/// tells repetitions by their keys, as a good receiver does.
final class FieldWebhook: Sendable {
    /// What came of a call.
    enum Outcome: String, Sendable { case accepted, repeated, failed, lost }

    struct Failure: ClassifiedError, CustomStringConvertible {
        var description: String
        var failureKind: FailureKind { .transient }
    }

    private static let key = StorageKey("arrived")

    private let outages: [Range<WallTime>]
    private let storage: any Storage
    private let log = Guarded<[(moment: WallTime, outcome: Outcome)]>([])

    /// What arrives is counted in `storage`.
    init(outages: [Range<WallTime>], in storage: some Storage) {
        self.outages = outages
        self.storage = storage
    }

    /// The last 10,000 calls.
    var calls: [(moment: WallTime, outcome: Outcome)] { log.withLock { $0 } }

    /// How often each notice has arrived.
    static func arrivals(in storage: any Storage) async throws -> [String: Int] {
        var arrivals: [String: Int] = [:]
        for try await entry in storage.entries(in: .below(key)) {
            arrivals[entry.key.parts.last ?? ""] = Int(String(decoding: entry.value, as: UTF8.self)) ?? 0
        }
        return arrivals
    }

    func send(_ text: String, key: String, _ environment: any Environment) async throws {
        let chance = environment.random() % 100
        try await environment.sleep(for: .milliseconds(40 + Int(environment.random() % 900)))
        let now = environment.now().wallTime
        if outages.contains(where: { $0.contains(now) }) {
            note(.failed, now)
            if chance < 30 { try await environment.sleep(for: .seconds(60)) }
            throw Failure(description: "503, try again later")
        }
        if chance < 4 {
            note(.failed, now)
            throw Failure(description: "500, something went wrong")
        }
        let count = try await storage.increment(Self.key.appending(key))
        note(chance < 7 ? .lost : count == 1 ? .accepted : .repeated, now)
        if chance < 7 { throw Failure(description: "the connection was closed before the answer came") }
    }

    /// Whether it answers.
    func ping(_ environment: any Environment) async throws {
        try await environment.sleep(for: .milliseconds(100))
        let now = environment.now().wallTime
        if outages.contains(where: { $0.contains(now) }) { throw Failure(description: "503, try again later") }
    }

    private func note(_ outcome: Outcome, _ moment: WallTime) {
        log.withLock { log in
            log.append((moment, outcome))
            if log.count > 10_000 { log.removeFirst(5_000) }
        }
    }
}
