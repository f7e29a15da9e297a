#if DEBUG
    import Apus
    import ApusTesting
    import Testing

    @Suite struct WatchingBugTests {
        @Test(arguments: PlantedBug.ofWatching.filter { $0 != .auditLinkUnchecked })
        func `a bug that is planted in alerts is found`(_ bug: PlantedBug) {
            PlantedBug.$current.withValue(bug) {
                let found = (0..<100 as Range<UInt64>).first { AlertCourse(seed: $0).difference != nil }
                #expect(found != nil, "\(bug)")
            }
        }

        @Test func `an audit trail that does not check its links lets a change pass`() async throws {
            let storage = MemoryStorage()
            let trail = AuditTrail("main", in: storage)
            for _ in 0..<3 { try await trail.append("act", by: "ada") }
            let key = StorageKey("audit", "main", "entry", 1)
            var entry = try #require(try await storage.load(AuditEntry.self, at: key))
            entry.actor = "eve"
            try await storage.save(entry, at: key)
            await #expect(throws: AuditError.broken(at: 1, .changed)) { try await trail.verify() }
            try await PlantedBug.$current.withValue(.auditLinkUnchecked) { _ = try await trail.verify() }
        }
    }
#endif
