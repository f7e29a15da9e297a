public import Apus

/// The contract of `Storage`, clause by clause.
///
/// A test of an adapter goes through them, each with a space of its own:
///
/// ```swift
/// import Apus
/// import ApusTesting
/// import Testing
///
/// @Suite struct MemoryStorageTests {
///     @Test(arguments: StorageConformance.clauses)
///     func `meets the contract`(_ clause: StorageConformance.Clause) async throws {
///         try await clause.check { environment in MemoryStorage(environment: environment) }
///     }
/// }
/// ```
public enum StorageConformance {
    /// What a clause is about.
    public enum Area: String, Sendable, Hashable, CaseIterable {
        case batches, bytes, preconditions, scans, pages, expiry, concurrency, cancellation
        case reopening, crashing, watching, transactions
    }

    /// What every storage has to do.
    public static let clauses: [Clause] =
        batchClauses + byteClauses + preconditionClauses + scanClauses + pageClauses + expiryClauses
        + concurrencyClauses
        + cancellationClauses

    /// What a storage has to do that survives the process; they need ``StorageSubject/reopening(_:)``.
    public static let reopeningClauses: [Clause] = reopenings

    /// What a storage has to do that survives the death of the process; they need ``StorageSubject/crashing(_:)``.
    public static let crashingClauses: [Clause] = crashes

    /// What a `WatchableStorage` has to do; they need ``StorageSubject/watching()``.
    public static let watchingClauses: [Clause] = watches

    /// What a `TransactionalStorage` has to do; they need ``StorageSubject/transacting(effect:count:)``.
    public static let transactionClauses: [Clause] = transactions
}

extension StorageConformance {
    /// One sentence about how a storage behaves, and a check of it.
    public struct Clause: Sendable, Identifiable, CustomStringConvertible {
        public let area: Area
        /// The sentence.
        public let name: String
        private let body: @Sendable (StorageTrial) async throws -> Void

        init(_ area: Area, _ name: String, _ body: @escaping @Sendable (StorageTrial) async throws -> Void) {
            self.area = area
            self.name = name
            self.body = body
        }

        public var id: String { name }
        public var description: String { name }

        /// Throws a ``ConformanceError`` that says what was expected and what was found, if the space that `open` makes does not
        /// keep this clause. `open` has to make a fresh, empty space in which entries expire by the calendar of the environment.
        public func check<Space: Storage>(
            on world: any Environment = .live, open: @escaping @Sendable (any Environment) async throws -> Space
        ) async throws {
            try await check(StorageSubject(open: open), on: world)
        }

        /// Throws a ``ConformanceError`` if the subject does not keep this clause. `world` is where it is checked: the real one,
        /// or the one of a ``Simulator``.
        public func check<Space: Storage>(
            _ subject: StorageSubject<Space>, on world: any Environment = .live
        ) async throws {
            let environment = ConformanceEnvironment(on: world)
            do {
                let space = try await subject.open(environment)
                try await body(StorageTrial(subject, space: space, environment: environment))
            } catch let finding as StorageTrial.Finding {
                throw ConformanceError(clause: name, finding: finding.text)
            } catch {
                throw ConformanceError(clause: name, finding: "Nothing should have been thrown, but this was: \(error)")
            }
        }
    }
}
