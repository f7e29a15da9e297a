import Apus
import ApusTesting
import Dispatch
import Foundation
import Testing

@Suite struct SimulatorLimitTests {
    @Test func `a continuation that nobody resumes is reported as stuck`() throws {
        let parked = Parked()
        let error = try #require(throws: SimulationError.self) {
            try Simulator(seed: 11).run { environment in
                try await environment.sleep(for: .seconds(2))
                await withCheckedContinuation { parked.keep($0) }
            }
        }
        parked.release()
        #expect(error.code == .stuck)
        #expect(error.seed == 11)
        #expect(error.elapsed == .seconds(2))
        #expect(error.description.contains("seed 11"))
    }

    @Test func `waiting for ever with a timer runs out of virtual time`() throws {
        let error = try #require(throws: SimulationError.self) {
            try Simulator(seed: 1).run(limit: .seconds(60)) { environment in
                while true { try await environment.sleep(for: .seconds(1)) }
            }
        }
        #expect(error.code == .outOfTime)
        #expect(error.elapsed == .seconds(60))
    }

    @Test func `a loop that only yields runs out of decisions`() throws {
        let error = try #require(throws: SimulationError.self) {
            try Simulator(seed: 1).run(decisions: 1_000) { _ in
                while !Task.isCancelled { await Task.yield() }
            }
        }
        #expect(error.code == .outOfDecisions)
        #expect(error.decisions == 1_000)
    }

    @Test func `a job that comes from another thread is reported as an escape`() throws {
        let error = try #require(throws: SimulationError.self) {
            try Simulator(seed: 1).run { await resumeElsewhere(in: $0) {} }
        }
        #expect(error.code == .escaped)
        #expect(error.description.contains("environment.spawn"))
    }

    @Test func `asking the environment from another thread is reported as an escape`() throws {
        let error = try #require(throws: SimulationError.self) {
            try Simulator(seed: 1).run { environment in
                await resumeElsewhere(in: environment) { _ = environment.now() }
            }
        }
        #expect(error.code == .escaped)
        #expect(error.detail.contains("now()"))
    }

    /// The work asks the environment, so that it is noticed also where it ends before anybody waits for it. The pool may
    /// be too busy with other tests to let it come back in time, so that either is a true answer.
    @Test(arguments: Way.allCases)
    func `work that leaves by another door ends the simulation`(way: Way) throws {
        let error = try #require(throws: SimulationError.self) {
            try Simulator(seed: 1).run { environment in
                switch way {
                case .bareTask: _ = await Task { environment.random() }.value
                // Invariant: the environment is all it shares, and it is awaited here.
                case .detachedTask: _ = await Task.detached { environment.random() }.value
                case .mainActor: _ = await Task { @MainActor in environment.random() }.value
                case .realClock: try await Task.sleep(for: .milliseconds(1))
                }
            }
        }
        #expect(error.code == .escaped || error.code == .stuck)
        #expect(error.description.contains("environment.spawn"))
    }

    enum Way: CaseIterable { case bareTask, detachedTask, mainActor, realClock }

    /// Keeps a continuation away from its task until the simulation has given up.
    final class Parked: Sendable {
        private let continuation = Guarded<CheckedContinuation<Void, Never>?>(nil)

        func keep(_ continuation: CheckedContinuation<Void, Never>) { self.continuation.withLock { $0 = continuation } }
        func release() { continuation.withLock { $0.take() }?.resume() }
    }
}

/// Parks the caller and has another thread resume it.
private func resumeElsewhere(in environment: any Environment, _ body: @escaping @Sendable () -> Void) async {
    let isParked = DispatchSemaphore(value: 0)
    // Nobody awaits it: it runs as soon as the caller has left the thread, and ends at once.
    _ = environment.spawn { isParked.signal() }
    await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            isParked.wait()
            body()
            continuation.resume()
        }
    }
}
