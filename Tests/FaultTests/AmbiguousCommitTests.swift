import Apus
import ApusTesting
import Testing

/// A commit whose answer is lost is settled by reading, never by guessing.
@Suite struct AmbiguousCommitTests {
    /// Whether the commit of which nobody knows was applied.
    @Test(arguments: [CommitMoment.before, .after])
    func `whichever commit loses its answer, it is stored once and no effect is repeated`(
        _ moment: CommitMoment
    ) throws {
        var point = 1
        while try loses(point, moment) { point += 1 }
        #expect(point > 8)
    }

    /// Lets one commit lose its answer; false if there are fewer.
    private func loses(_ point: Int, _ moment: CommitMoment) throws -> Bool {
        let trace = Trace()
        return try Simulator(seed: 1).run { environment in
            let memory = MemoryStorage(environment: environment)
            let storage = TrappedStorage(memory, at: point, moment) { throw StorageError(.unknownOutcome) }
            let executor = GraphExecutor(environment: environment, storage: storage)
            let final = try await executor.run(.chain(3, trace), from: Sum(), id: RunID("one"))
            #expect(final.names == ["n0", "n1", "n2"], "commit \(point)")
            #expect(trace.all == (0..<3).map { "one/n\($0)/effect" }, "commit \(point)")
            let done = try await records(of: RunID("one"), in: memory).filter { $0.tag == .done }
            #expect(done.map(\.activation) == ["n0", "n1", "n2"], "commit \(point)")
            return storage.commits >= point
        }
    }
}
