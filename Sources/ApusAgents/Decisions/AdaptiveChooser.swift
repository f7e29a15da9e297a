public import Apus
import Foundation

/// Learns from outcomes which choice does best, and keeps trying the others now and then.
///
/// A choice is the one with the highest upper bound of its mean reward (UCB1, Auer, Cesa-Bianchi and Fischer 2002), so that it takes no
/// chance and replays alike. A plain value; ``DurableChooser`` keeps one in a storage.
public struct AdaptiveChooser<Choice: Codable & Hashable & Sendable>: Sendable, Hashable, Codable {
    struct Record: Sendable, Hashable, Codable {
        var choice: Choice
        var times = 0
        var reward = 0.0
    }

    private(set) var records: [Record]

    public init(_ choices: [Choice]) {
        precondition(!choices.isEmpty, "there is nothing to choose from")
        records = choices.map { Record(choice: $0) }
    }

    /// What to try next: what was never tried, in its order, and then the most promising.
    public var next: Choice {
        if let untried = records.first(where: { $0.times == 0 }) { return untried.choice }
        let total = Double(records.reduce(0) { $0 + $1.times })
        var best = records[0]
        for record in records.dropFirst() where Self.bound(record, total) > Self.bound(best, total) { best = record }
        return best.choice
    }

    /// Notes what came of a choice: a reward from 0 to 1. A choice that is not among them is ignored.
    public mutating func learn(_ choice: Choice, reward: Double) {
        guard let index = records.firstIndex(where: { $0.choice == choice }), reward.isFinite else { return }
        records[index].times += 1
        records[index].reward += min(1, max(0, reward))
    }

    /// The mean reward of a choice so far; `nil` if it was never tried.
    public func mean(of choice: Choice) -> Double? {
        records.first { $0.choice == choice && $0.times > 0 }.map { $0.reward / Double($0.times) }
    }

    private static func bound(_ record: Record, _ total: Double) -> Double {
        let times = Double(record.times)
        return record.reward / times + (2 * log(total) / times).squareRoot()
    }
}

/// An adaptive chooser whose experience is stored, and shared by all who use the same place.
public struct DurableChooser<Choice: Codable & Hashable & Sendable>: Sendable {
    private let storage: any Storage
    private let key: StorageKey
    private let choices: [Choice]

    public init(_ name: String, _ choices: [Choice], in storage: any Storage) {
        self.storage = storage
        self.choices = choices
        key = StorageKey("chooser", name)
    }

    /// What to try next, by all that was learned so far.
    public func next() async throws -> Choice { try await current().next }

    public func learn(_ choice: Choice, reward: Double) async throws {
        try await storage.update(AdaptiveChooser<Choice>.self, at: key) { stored in
            var chooser = Self.chooser(choices, stored)
            chooser.learn(choice, reward: reward)
            stored = chooser
        }
    }

    public func current() async throws -> AdaptiveChooser<Choice> {
        Self.chooser(choices, try await storage.load(AdaptiveChooser<Choice>.self, at: key))
    }

    /// What was learned of the choices there are now.
    private static func chooser(_ choices: [Choice], _ stored: AdaptiveChooser<Choice>?) -> AdaptiveChooser<Choice> {
        var chooser = AdaptiveChooser(choices)
        for record in stored?.records ?? [] { chooser.take(record) }
        return chooser
    }
}

extension AdaptiveChooser {
    fileprivate mutating func take(_ record: Record) {
        guard let index = records.firstIndex(where: { $0.choice == record.choice }) else { return }
        records[index] = record
    }
}
