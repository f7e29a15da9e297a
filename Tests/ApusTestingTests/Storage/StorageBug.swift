/// What somebody may get wrong who writes a storage.
enum StorageBug: String, CaseIterable, Sendable {
    // Batches
    case firstWriteUnchecked, preconditionsIgnored, lastPreconditionIgnored, checkedAfterWrites, laterConflictNamed
    case conflictNamesNothing, holdsComparesBeginning, emptyCountsAsAbsent, deletesLast, rangeDeletesUpperBound
    case deletesByPattern
    // Bytes
    case emptyValueDropped, valueCut, keysAsText, keysEndAtZero, keysWithoutCase
    // Scans
    case signedBytes, shortKeysFirst, limitOffByOne, upperBoundScanned, openRangeEndsEarly, descendingTakesFirst
    case descendingRepeats
    // Expiry
    case expiredRead, expiredScanned, expiredCounts, expiredHolds, expiryOneLate, oldExpiryStays
    // Many at once
    case lostUpdate, halfBatchSeen, tornRead, tornScan, rememberedLate, conflictSpreads
    // Cancellation
    case cancelledHalf, cancelledApplied
    // After the process
    case expiryForgotten, lastCommitForgotten, halfBatchAfterCrash
    // Watching
    case watchWithoutFirst, deletesUntold, oneWatcherTold, toldTooEarly
    // Transactions
    case effectDespiteConflict, effectDespiteError
}
