import Apus
import Testing

@Suite(.serialized) struct GoldenTests {
    @Test(.enabled(if: GoldenRun.isWriting), arguments: GoldenRun.all)
    func `write the golden journals that are not there yet`(_ golden: GoldenRun) async throws {
        try await golden.write()
    }

    @Test(.disabled(if: GoldenRun.isWriting), arguments: GoldenRun.all)
    func `a journal that an earlier version wrote is read as it was`(_ golden: GoldenRun) throws {
        let file = try golden.file()
        let history = try RunHistory(try RunCapsule(json: try file.capsule.json), try golden.graph())
        #expect(history.points.map(\.description) == file.points)
        #expect(try history.points.map { try $0.state.summary } == file.states)
        #expect(try file.capsule.effects == file.effects)
    }

    @Test(.disabled(if: GoldenRun.isWriting), arguments: GoldenRun.all)
    func `a run that an earlier version recorded is replayed without a difference`(_ golden: GoldenRun) async throws {
        let file = try golden.file()
        let report = try await file.capsule.replay(on: try golden.graph())
        #expect(report.differences == [], "\(report.failure ?? "no failure"), \(report.state?.summary ?? "no state")")
        if let state = report.state { #expect(state.summary == file.states.last) }
    }

    @Test(.disabled(if: GoldenRun.isWriting))
    func `every tag of the format occurs in a golden journal`() throws {
        var tags: Set<JournalRecord.Tag> = []
        for golden in GoldenRun.all { tags.formUnion(try golden.file().capsule.excerpt().entries.map(\.record.tag)) }
        #expect(JournalRecord.Tag.allCases.filter { !tags.contains($0) } == [])
    }
}
