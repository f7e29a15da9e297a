import Apus
import Testing

@Suite struct SoundnessTextTests {
    /// The graph and the report of Documentation/Soundness.md.
    @Test func `a report says what waits, when, and how to mend it`() throws {
        let store = try Graph<Nothing>("store") { g in
            let (check, write) = (g.idle("check"), g.idle("write").critical("database"))
            g.start(at: check)
            g.chain(check, write)
        }
        let graph = try Graph<Nothing>("import") { g in
            let (fetch, save, report) = (g.idle("fetch"), g.run("save", store, key: "database"), g.idle("report"))
            g.start(at: fetch)
            g.route(from: fetch, to: [save, report]) { _ in report }
            g.edge(from: save, to: report)
        }
        let text = """
            1 finding(s) (all choices, 9 steps):
            - [waitsForTurn] "save/write" waits for the turn "database" that "save" has, and "save" ends only after "save/write".
              When: fetch ends with case "save"; save takes the turn "database"; save/check ends.
              Let only one of them need the turn.
            """
        #expect("\(graph.soundness())" == text)
    }

    @Test func `a report without findings says how far it looked`() throws {
        let graph = try Graph<Nothing>("plain") { g in
            let a = g.idle("a")
            g.start(at: a)
        }
        #expect("\(graph.soundness())" == "Nothing found (all choices, 0 steps).")
    }

    @Test(arguments: [
        (SoundnessStep("a", .ends(cases: [])), "a ends"),
        (SoundnessStep("a", .ends(cases: ["x"])), "a ends with case \"x\""),
        (SoundnessStep("a", .ends(cases: ["x", "y"])), "a ends with cases \"x\", \"y\""),
        (SoundnessStep("a", .endsWithoutCase), "a ends with no case"),
        (SoundnessStep("a", .endsEarly(cases: ["x"])), "a has enough early with case \"x\""),
        (SoundnessStep("a", .fails), "a fails"),
        (SoundnessStep("a", .timesOut), "a takes too long"),
        (SoundnessStep("a", .isCancelled), "a is cancelled"),
        (SoundnessStep("a", .takesTurn(key: "k")), "a takes the turn \"k\""),
        (SoundnessStep("", .starts(entry: "e")), "the run starts by the entry \"e\""),
    ])
    func `a step reads like a sentence`(_ step: SoundnessStep, _ text: String) {
        #expect(step.description == text)
    }
}
