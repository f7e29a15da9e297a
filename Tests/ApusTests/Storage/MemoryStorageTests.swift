import Apus
import ApusTesting
import Testing

@Suite struct MemoryStorageTests {
    @Test(arguments: StorageConformance.clauses)
    func `meets the contract`(_ clause: StorageConformance.Clause) async throws {
        try await clause.check { environment in MemoryStorage(environment: environment) }
    }
}
