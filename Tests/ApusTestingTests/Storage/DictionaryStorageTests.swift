import Apus
import ApusTesting
import Testing

/// The storage that the guide shows.
@Suite struct DictionaryStorageTests {
    @Test(arguments: StorageConformance.clauses)
    func `meets the contract`(_ clause: StorageConformance.Clause) async throws {
        try await clause.check { environment in DictionaryStorage(environment: environment) }
    }
}
