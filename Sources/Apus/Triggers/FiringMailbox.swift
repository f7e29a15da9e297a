/// Where firings lie that came from outside, until a host takes them, and where those who sent them wait.
final class FiringMailbox: Sendable {
    private struct Letter {
        var firing: Firing
        var sender: CheckedContinuation<FiringOutcome, any Error>
        /// The registration that took it.
        var taker: String?
    }

    private struct State {
        var letters: [(number: Int, letter: Letter)] = []
        var sent = 0
        /// By registration, in the order in which they came.
        var hosts: [(id: String, bell: Doorbell)] = []
    }

    private let trigger: String
    private let state = Guarded(State())

    init(_ trigger: String) { self.trigger = trigger }

    /// Hands a firing to a host and waits for what becomes of it.
    func send(_ firing: Firing) async throws -> FiringOutcome {
        let number = state.withLock { state -> Int in
            state.sent += 1
            return state.sent
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { sender in
                let bells = state.withLock { state -> [Doorbell]? in
                    if state.hosts.isEmpty || Task.isCancelled { return nil }
                    state.letters.append((number, Letter(firing: firing, sender: sender)))
                    return state.hosts.map(\.bell)
                }
                guard let bells else { return sender.resume(throwing: refusal()) }
                for bell in bells { bell.ring() }
            }
        } onCancel: {
            take(number)?.sender.resume(throwing: CancellationError())
        }
    }

    private func refusal() -> any Error {
        Task.isCancelled ? CancellationError() : TriggerError(.notHosted, trigger: trigger)
    }

    private func take(_ number: Int) -> Letter? {
        state.withLock { state in
            guard let place = state.letters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.letters.remove(at: place).letter
        }
    }

    /// What is sent, for one host.
    func open(_ registration: TriggerRegistration) -> Firings {
        let bell = Doorbell()
        state.withLock { $0.hosts.append((registration.id, bell)) }
        return Firings { [self] in
            while !Task.isCancelled {
                switch next(for: registration.id) {
                case .closed: return nil
                case .arrival(let arrival): return arrival
                case .nothing: await bell.wait(.seconds(3_600), registration.environment)
                }
            }
            return nil
        }
    }

    private enum Next {
        case closed, nothing
        case arrival(Arrival)
    }

    private func next(for host: String) -> Next {
        state.withLock { state in
            guard state.hosts.contains(where: { $0.id == host }) else { return .closed }
            guard let place = state.letters.firstIndex(where: { $0.letter.taker == nil }) else { return .nothing }
            state.letters[place].letter.taker = host
            let number = state.letters[place].number
            return .arrival(
                Arrival(state.letters[place].letter.firing) { [self] outcome in
                    take(number)?.sender.resume(returning: outcome)
                })
        }
    }

    /// Lets go of a host. What it took and did not settle is not known to have happened.
    func close(_ registration: TriggerRegistration) {
        let (bell, left) = state.withLock { state -> (Doorbell?, [Letter]) in
            let bell = state.hosts.first { $0.id == registration.id }?.bell
            state.hosts.removeAll { $0.id == registration.id }
            let isAlone = state.hosts.isEmpty
            let left = state.letters.filter { $0.letter.taker == registration.id || isAlone }.map(\.letter)
            state.letters.removeAll { $0.letter.taker == registration.id || isAlone }
            return (bell, left)
        }
        bell?.ring()
        for letter in left {
            letter.sender.resume(throwing: TriggerError(.stopped, trigger: trigger))
        }
    }
}
