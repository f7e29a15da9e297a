import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct RetrievalTests {
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `passages keep their length, their order and every word`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var text = ""
        for word in 0..<generator.below(600) {
            text += "w\(word)" + ["", ".", "!", "\n\n# Title\n", "\n\n"][generator.below(5)] + " "
        }
        let chunker = Chunker(length: 80 + generator.below(200), overlap: generator.below(60))
        let passages = chunker.passages(of: text, in: "d")
        #expect(passages.allSatisfy { $0.text.count <= chunker.length }, "seed \(seed)")
        #expect(passages.map(\.id) == passages.indices.map { "d#\($0)" }, "seed \(seed)")
        let words = { (text: String) in Set(text.split { !$0.isLetter && !$0.isNumber }.map(String.init)) }
        let kept = words(passages.map { "\($0.heading ?? "") \($0.text)" }.joined(separator: " "))
        #expect(words(text).subtracting(kept).subtracting(["Title"]).isEmpty, "seed \(seed)")
    }

    @Test func `a keyword index ranks the rare word above the common one`() {
        let index = KeywordIndex([
            passage("a", "the run goes on and the run ends"), passage("b", "the journal of the run"),
            passage("c", "the lease"),
        ])
        #expect(index.search("the journal").first?.passage.id == "b")
        #expect(index.search("Läase lease").map(\.passage.id) == ["c"])
        #expect(index.search("nothing").isEmpty)
    }

    @Test func `vectors of another length are refused, and the nearest comes first`() throws {
        var index = VectorIndex()
        try index.add(passage("x", ""), [1, 0])
        try index.add(passage("y", ""), [0, 2])
        #expect(try index.search([0.1, 3]).map(\.passage.id) == ["y", "x"])
        #expect(throws: RetrievalError(.dimension)) { try index.add(passage("z", ""), [1, 2, 3]) }
        #expect(throws: RetrievalError(.dimension)) { try index.search([1]) }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `past its size an approximate search finds most true neighbours`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var exact = VectorIndex()
        var approximate = VectorIndex(exactLimit: 100)
        let centres = (0..<20).map { _ in (0..<16).map { _ in Float(generator.below(2_000)) - 1_000 } }
        for number in 0..<1_500 {
            let vector = centres[number % 20].map { $0 + Float(generator.below(400)) - 200 }
            try exact.add(passage("\(number)", ""), vector)
            try approximate.add(passage("\(number)", ""), vector)
        }
        approximate.settle()
        var hits = 0
        for number in 0..<50 {
            let query = centres[number % 20].map { $0 + Float(generator.below(400)) - 200 }
            let wanted = Set(try exact.search(query).map(\.passage.id))
            hits += wanted.intersection(try approximate.search(query).map(\.passage.id)).count
        }
        #expect(hits >= 450, "seed \(seed): \(hits) of 500")
    }

    @Test func `an agent looks passages up and can cite them`() async throws {
        var base = KnowledgeBase(Chunker(length: 200, overlap: 20))
        try await base.add("# Leases\nA run is executed by one worker at a time.", as: "design.md")
        try await base.add("# Journal\nRecords are chained by a hash.", as: "journal.md")
        let model = ScriptedModel([.call("lookup", ["query": "worker"]), .text("One worker [design.md#0].")])
        let agent = try Agent("librarian", model: model, tools: [Lookup(base)])
        #expect(try await agent.respond(to: "Who executes a run?").contains("[design.md#0]"))
        #expect(model.requests.last?.messages.last?.toolResults.first?.text.contains("one worker at a time") == true)
    }

    private func passage(_ id: String, _ text: String) -> Passage { Passage(id: id, document: id, text: text) }
}
