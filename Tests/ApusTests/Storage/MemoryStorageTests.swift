import Apus
import ApusTesting
import Testing

@Suite struct MemoryStorageTests {
    @Test(arguments: StorageConformance.clauses + StorageConformance.watchingClauses)
    func `meets the contract`(_ clause: StorageConformance.Clause) async throws {
        try await clause.check(StorageSubject { MemoryStorage(environment: $0) }.watching())
    }

    @Test func `what has expired takes up no memory after the next commit`() throws {
        try Simulator(seed: 0).run { environment in
            let storage = MemoryStorage(environment: environment)
            let expires = environment.now().wallTime.advanced(by: .seconds(60))
            for n in 0..<1_000 {
                try await storage.put([1], at: StorageKey("n", n), expires: n % 2 == 0 ? expires : nil)
            }
            #expect(storage.count == 1_000)
            try await environment.sleep(for: .seconds(60))
            try await storage.put([1], at: StorageKey("last"))
            #expect(storage.count == 501)
        }
    }

    @Test func `a key that was renewed does not go with its first deadline`() throws {
        try Simulator(seed: 0).run { environment in
            let storage = MemoryStorage(environment: environment)
            for _ in 0..<500 {
                let expires = environment.now().wallTime.advanced(by: .seconds(60))
                try await storage.put([1], at: StorageKey("lease"), expires: expires)
                try await environment.sleep(for: .seconds(30))
            }
            #expect(try await storage.value(at: StorageKey("lease")) == [1])
            #expect(storage.count == 1)
        }
    }
}
