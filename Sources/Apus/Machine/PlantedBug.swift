/// A mistake that a test makes the engine commit, to see that the simulations find it.
///
/// Nothing can be planted in a release build: there every ``Planted`` is empty and always says no.
package enum PlantedBug: Sendable {
    case joinFiresEarly
    case joinStartsTwice
    case skipLost
    case exitsDecidedApart
    case failureTakenBesidesExit
    case edgeNotReset
    case leavingEdgeEachRound
    case roundLeavesSideBranch
    case oneNumberForNestedLoops
    case limitOffByOne
    case chainKeepsRoundOpen
    case shortRoundNotCounted
    case completionOrder
    case siblingSeen
    case conflictMissed
    case changesForgottenAlone
    case successorLost
    case cancelledBranchWrites
    case failedChangeKept
    case retryKeepsChange
    case elementsAsTheyEnd
    case loserApplies
    // Of runs that are written down:
    case frameWithoutFence
    case settledEarly
    case acceptedEarly
    case begunAgain
    case headReadFirst
    case claimsNotCounted
    case livingRobbed
    case questionsLostByFailure
    case headBeforeRecords
    case timerNotSet
    case timerSetAnew
    case timerEarly
    case lostAnswerIsSuccess
    case retryRepeatsAll
    case effectBeforeIntent
    case keyOfAttempt
    case doubtIgnored
    case probeSkipped
    case resultForgotten
    case letterLeft
    case letterTakenTwice
    case lettersReadEarly
    case keptLettersLost
    case newsMissedByParking
    case newsBeforeWaitMissed
    case versionIgnored
    case troubleTakenForDamage
    case droppedTakenForLost
    case choiceForgotten
    case changeForgotten
    case bodiesForgotten
    case fencedGoesOn
    case transactionGivenUp
    case transactionWithoutFence
    // Of events:
    case cursorBeforeHandling
    case numberBeforeEvent
    case retryLosesItsTurn
    case keysSideBySide
    case cursorWithoutFence
    case publishedTwice
    case outboxLeft
    case deadLetterLost
    case modelBesideCursor
    case crashNotCounted
    // Of triggers:
    case gapFiringLost
    case firedTwiceInOverlap
    case misfireBoundOff
    case runsOverlap
    case startsWhilePaused
    case triggerApartFromStart
    case triggerWithoutFence
    case firingNotRemembered
    // Of what protects calls:
    case breakerNeverHalfOpens
    case breakerFloodsHalfOpen
    case breakerTakesLateResults
    case breakerLosesProbe
    case windowLeaksAtEdges
    case bucketOverflows
    case limiterForgetsKeys
    case bulkheadLosesPlace
    case bulkheadQueueUnbounded
    case hedgeTakesTheFirst
    case hedgeFailsEarly
    case hedgeIgnoresShare
    case cacheStampedes
    case cacheServesExpired
    case cacheKeepsFailures
    case cacheKeepsStale
    case cacheLosesFlight
    // Of runs that are undone, and of what stands in for others:
    case undoneInOrder
    case undoneBeforeDone
    case undoForgotten
    case levelFlaps
    case confirmationSkipped
    // Of queues and pools:
    case sharesNotCounted
    case sleepersSaveShares
    case keyLimitForgotten
    case expiredStarts
    case officeNotRequired
    case endsForgotten
    case idleStayIdle
    case poolFlaps
    // Of watching:
    case alertWithoutPatience
    case recoveryUntold
    case silenceBroken
    case auditLinkUnchecked
}

#if DEBUG
    extension PlantedBug: CaseIterable {
        /// The bug that is planted in what the task makes.
        @TaskLocal package static var current: PlantedBug?

        /// The bugs of graphs, of runs that are written down, and of events.
        package static let ofGraphs = Array(allCases.prefix { $0 != .frameWithoutFence })
        package static let ofDurability = part(from: .frameWithoutFence, through: .transactionWithoutFence)
        package static let ofEvents = part(from: .cursorBeforeHandling, through: .crashNotCounted)
        package static let ofTriggers = part(from: .gapFiringLost, through: .firingNotRemembered)
        package static let ofUndoing = part(from: .undoneInOrder, through: .undoForgotten)
        package static let ofDegradation = part(from: .levelFlaps, through: .confirmationSkipped)
        /// The bugs of what protects calls.
        package static let ofGuards = part(from: .breakerNeverHalfOpens, through: .cacheLosesFlight)
        package static let ofQueues = part(from: .sharesNotCounted, through: .poolFlaps)
        package static let ofWatching = part(from: .alertWithoutPatience, through: .auditLinkUnchecked)

        private static func part(from first: Self, through last: Self) -> [Self] {
            guard let start = allCases.firstIndex(of: first), let end = allCases.firstIndex(of: last) else { return [] }
            return Array(allCases[start...end])
        }
    }
#endif

/// The bug that is planted in a part of the engine, looked up once, when the part is made.
struct Planted: Sendable {
    #if DEBUG
        private let current = PlantedBug.current

        @inline(__always)
        func callAsFunction(_ bug: PlantedBug) -> Bool { current == bug }
    #else
        @inline(__always)
        func callAsFunction(_ bug: PlantedBug) -> Bool { false }
    #endif
}

extension RunMachine {
    /// Whether the round has been told already that the node ended.
    @inline(__always)
    func isClosedEarly(_ node: Int) -> Bool { decidesApart(node) || isLeftBehind(node) }

    /// Whether the node ends with the first of its edges, and the others are decided later.
    @inline(__always)
    func decidesApart(_ node: Int) -> Bool {
        guard planted(.exitsDecidedApart) else { return false }
        let scope = plan.scope(of: node)
        return plan.rows[node] < plan.rows[node + 1] && (scope == 0 || plan.headers[scope - 1] >= 0)
    }

    /// Whether the node is the end of a side branch that its round does not wait for.
    @inline(__always)
    func isLeftBehind(_ node: Int) -> Bool {
        guard planted(.roundLeavesSideBranch) else { return false }
        return plan.scope(of: node) > 0 && plan.rows[node] == plan.rows[node + 1]
            && plan.headers[plan.scope(of: node) - 1] >= 0
    }
}
