import Apus
import ApusTesting
import Testing

@Suite struct AuditTrailTests {
    private struct Written: GraphState { var count = 0 }

    private let storage = MemoryStorage()
    private var trail: AuditTrail { AuditTrail("main", in: storage) }

    private func key(_ number: Int) -> StorageKey { StorageKey("audit", "main", "entry", number) }
    private let head = StorageKey("audit", "main", "head")

    private func written(_ count: Int = 5) async throws -> AuditAnchor {
        var anchor = try await trail.anchor()
        for number in 0..<count {
            anchor = try await trail.append("approve", by: "ada", ["order": .integer(Int64(number))])
        }
        return anchor
    }

    @Test func `a trail that nobody touched verifies, and tells what was done`() async throws {
        let anchor = try await written()
        #expect(anchor.count == 5)
        #expect(try await trail.verify(against: anchor) == anchor)
        let entries = try await trail.entries(from: 2, limit: 2)
        #expect(entries.map(\.number) == [2, 3] && entries.first?.details == ["order": 2])
        #expect(try await AuditTrail("empty", in: storage).verify().count == 0)
    }

    @Test(arguments: 0..<5)
    func `a changed entry is named`(_ number: Int) async throws {
        _ = try await written()
        var bytes = try #require(try await storage.value(at: key(number)))
        let place = try #require(bytes.firstIndex(of: UInt8(ascii: "d")))
        bytes[place] = UInt8(ascii: "e")
        try await storage.put(bytes, at: key(number))
        let error = await #expect(throws: AuditError.self) { try await trail.verify() }
        #expect([.broken(at: number, .changed), .broken(at: number, .unreadable)].contains(error))
    }

    @Test func `an entry that says another one came before it is named itself`() async throws {
        _ = try await written()
        var entry = try #require(try await storage.load(AuditEntry.self, at: key(2)))
        entry.previous = String(repeating: "a", count: 64)
        try await storage.save(entry, at: key(2))
        await #expect(throws: AuditError.broken(at: 2, .changed)) { try await trail.verify() }
    }

    @Test func `a dropped entry, an inserted one and a cut end are named`() async throws {
        let anchor = try await written()
        try await storage.delete(key(4))
        await #expect(throws: AuditError.broken(at: 4, .cutOff)) { try await trail.verify() }
        try await storage.delete(key(1))
        await #expect(throws: AuditError.broken(at: 1, .missing)) { try await trail.verify(against: anchor) }
        let other = AuditTrail("other", in: storage)
        try await other.append("a", by: "b")
        let entry = try #require(try await storage.value(at: StorageKey("audit", "other", "entry", 0)))
        try await storage.put(entry, at: StorageKey("audit", "other", "entry", 1))
        await #expect(throws: AuditError.broken(at: 1, .changed)) { try await other.verify() }
    }

    @Test func `a trail that was cut off with its head is seen by an anchor alone`() async throws {
        _ = try await written(3)
        let old = try #require(try await storage.value(at: head))
        let anchor = try await written(2)
        try await storage.put(old, at: head)
        try await storage.delete(key(3))
        try await storage.delete(key(4))
        #expect(try await trail.verify().count == 3, "the chain alone can't know")
        await #expect(throws: AuditError.broken(at: 3, .cutOff)) { try await trail.verify(against: anchor) }
    }

    @Test func `a trail written anew is seen by an anchor`() async throws {
        let anchor = try await written()
        try await storage.delete(.below(StorageKey("audit", "main")))
        for _ in 0..<6 { try await trail.append("deny", by: "eve") }
        try await trail.verify()
        await #expect(throws: AuditError.broken(at: 4, .changed)) { try await trail.verify(against: anchor) }
    }

    @Test func `what a step of a node appends is written once, though its end gets lost and it is repeated`()
        async throws
    {
        let graph = try Graph<Written>("approval") { g in
            let approve = g.node("approve") { written, context in
                let anchor = try await context.step("audit") { key in
                    let anchor = try await trail.append("approve", by: "ada", key: key)
                    // The answer of a storage that wrote it got lost.
                    let again = try await trail.append("approve", by: "ada", key: key)
                    #expect(anchor == again)
                    return again
                }
                written.count = anchor.count
            }
            g.start(at: approve)
        }
        let executor = GraphExecutor(storage: storage)
        for count in 1...3 { #expect(try await executor.run(graph, from: Written()).count == count) }
        #expect(try await trail.verify().count == 3)
    }

    @Test func `those who append with one key at once write one entry`() async throws {
        let anchors = try await withThrowingTaskGroup(of: AuditAnchor.self) { group in
            for number in 0..<40 {
                group.addTask { try await trail.append("approve", by: "ada", key: "order-\(number % 4)") }
            }
            return try await group.reduce(into: Set<AuditAnchor>()) { $0.insert($1) }
        }
        #expect(anchors.count == 4)
        #expect(try await trail.verify().count == 4)
    }

    @Test func `many may append at once`() async throws {
        let trail = trail
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask { for _ in 0..<10 { try await trail.append("act", by: "w\(writer)") } }
            }
            try await group.waitForAll()
        }
        #expect(try await trail.verify().count == 80)
    }
}
