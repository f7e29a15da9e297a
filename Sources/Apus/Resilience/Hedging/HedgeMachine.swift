/// Decides about the requests of one call: when another is sent, and which answer counts.
package struct HedgeMachine: Sendable {
    /// What is to be done next.
    package enum Next: Sendable, Equatable {
        /// Send the request of this number, and wake the machine after the delay if more may follow.
        case send(Int)
        case wait
        /// The answer of this request counts; the others are cancelled.
        case take(Int)
        /// All requests have failed: the error of this one counts.
        case fail(Int)
    }

    private let requests: Int
    private let planted = Planted()
    private var sent = 0
    private var underWay = 0
    private var isOver = false
    /// The request that failed first; the others often fail of its cause.
    private var firstFailure: Int?

    package init(requests: Int) { self.requests = max(1, requests) }

    /// Whether another request may be sent.
    package var mayGrow: Bool { sent < requests && !isOver }

    package mutating func begin() -> Next { send() }

    /// The delay is over. `isAffordable` spends the share for another request, if there is one.
    package mutating func wake(isAffordable: @autoclosure () -> Bool) -> Next {
        guard mayGrow, underWay > 0, isAffordable() || planted(.hedgeIgnoresShare) else { return .wait }
        return send()
    }

    package mutating func ended(_ request: Int, isAnswer: Bool) -> Next {
        underWay -= 1
        if isOver { return .wait }
        if isAnswer {
            isOver = true
            return .take(planted(.hedgeTakesTheFirst) ? 0 : request)
        }
        if firstFailure == nil { firstFailure = request }
        if underWay > 0, !planted(.hedgeFailsEarly) { return .wait }
        isOver = true
        return .fail(firstFailure ?? request)
    }

    private mutating func send() -> Next {
        sent += 1
        underWay += 1
        return .send(sent - 1)
    }
}
