import Apus

/// What an agent offers for a task.
public struct Bid: Sendable, Hashable, Codable {
    public var bidder: String
    /// How well it can do it, from 0 to 1.
    public var ability: Double
    /// How busy it is, from 0 to 1.
    public var load: Double

    public init(_ bidder: String, ability: Double, load: Double) {
        self.bidder = bidder
        self.ability = ability
        self.load = load
    }

    /// The ability that is free.
    public var worth: Double { min(1, max(0, ability)) * (1 - min(1, max(0, load))) }
}

/// Gives a task to whoever offers most (the contract net of Smith, 1980).
///
/// Bids are asked for side by side and compared in the order of the bidders, so that the outcome does not depend on who answers
/// first. One who throws does not bid.
public struct ContractNet: Sendable {
    public typealias Bidder = @Sendable (_ task: String) async throws -> Bid?
    private let bidders: [Bidder]
    /// What is worth less is not taken.
    public let least: Double

    public init(_ bidders: [Bidder], least: Double = 0.05) {
        self.bidders = bidders
        self.least = least
    }

    /// The bid that wins, and the others behind it; empty if nobody offers enough.
    public func bids(for task: String) async throws -> [Bid] {
        let answers = try await withThrowingTaskGroup(of: (Int, Bid?).self) { [bidders] group in
            for (index, bidder) in bidders.enumerated() {
                group.addTask {
                    do {
                        return (index, try await bidder(task))
                    } catch let error as CancellationError {
                        throw error
                    } catch {
                        return (index, nil)
                    }
                }
            }
            var answers = [Bid?](repeating: nil, count: bidders.count)
            for try await (index, bid) in group { answers[index] = bid }
            return answers
        }
        let offers = answers.compactMap(\.self).enumerated().filter { $0.element.worth >= least }
        return offers.sorted { (-$0.element.worth, $0.offset) < (-$1.element.worth, $1.offset) }.map(\.element)
    }
}
