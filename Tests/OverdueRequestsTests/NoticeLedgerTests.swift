import Apus
import Foundation
import OverdueRequestsKit
import Testing

@Suite struct NoticeLedgerTests {
    private let folder = TemporaryFolder()

    @Test func `a notice that comes again is told by its key`() async throws {
        try await send("DOT", key: "1")
        try await send("DHS", key: "2")
        try await send("DOT", key: "1")
        #expect(try entries() == ["1 DOT", "2 DHS", "1 DOT again"])
    }

    @Test func `what a crash left unfinished does not count and is written over`() async throws {
        try await send("DOT", key: "1")
        _ = try folder.write(try text() + #"{"key":"2","#, to: "notices.jsonl")
        #expect(try entries() == ["1 DOT"])
        try await send("DHS", key: "2")
        #expect(try entries() == ["1 DOT", "2 DHS"])
    }

    @Test func `without a file nothing has arrived`() throws {
        #expect(try entries() == [])
    }

    private func send(_ agency: String, key: String) async throws {
        let request = Samples.request(late: 2, agency: agency)
        let notice = Notice(agency: agency, asOf: Samples.asOf, decisions: [Samples.decision(about: request)])
        let notifier = LedgerNotifier(NoticeLedger(folder: folder.output))
        let graph = try Graph<Empty>("send") { g in
            g.start(at: g.node("send") { _, context in try await notifier.send(notice, key: key, in: context) })
        }
        _ = try await GraphExecutor().run(graph, from: Empty())
    }

    private struct Empty: GraphState {}

    private func entries() throws -> [String] {
        try NoticeLedger(folder: folder.output).entries().map { "\($0.key) \($0.agency)\($0.isRepeat ? " again" : "")" }
    }

    private func text() throws -> String { String(decoding: try folder.bytes("notices.jsonl"), as: UTF8.self) }
}
