import Apus

/// What calls depend on, and what became of it.
final class Dependency: Sendable {
    struct Down: Error, Equatable {}

    private struct State {
        var isDown = false
        var calls = 0
        var inside = 0
        var most = 0
        var cancelled = 0
    }

    private let state = Guarded(State())
    private let delay: Duration

    /// Each call takes `delay`.
    init(delay: Duration = .zero) { self.delay = delay }

    var calls: Int { state.withLock { $0.calls } }
    /// How many calls were under way at once.
    var most: Int { state.withLock { $0.most } }
    var cancelled: Int { state.withLock { $0.cancelled } }
    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }

    /// Which call it was, from 1.
    @discardableResult
    func call(in environment: any Environment, taking time: Duration? = nil) async throws -> Int {
        let number = state.withLock { state in
            state.calls += 1
            state.inside += 1
            state.most = max(state.most, state.inside)
            return state.calls
        }
        defer { state.withLock { $0.inside -= 1 } }
        do {
            if (time ?? delay) > .zero { try await environment.sleep(for: time ?? delay) }
        } catch {
            state.withLock { $0.cancelled += 1 }
            throw error
        }
        if isDown { throw Down() }
        return number
    }
}
