public import Apus
import Foundation

/// The promises of a `Merge`, to be checked for a merge of your own.
///
/// ```swift
/// @Test func `the merge of high scores keeps its promises`() {
///     #expect(MergeLaws.check(.maximum, values: [0, 1, -1, .min, .max]).isEmpty)
/// }
/// ```
public enum MergeLaws {
    /// The promises that `merge` breaks over `values`, each with an example; empty when it keeps all.
    ///
    /// The changes between the values are applied to all of them, combined, grouped both ways and encoded. Six to ten values of
    /// different kinds (empty, grown, shrunk, at the limits) say more than many alike; at most eight changes are combined.
    public static func check<Value>(_ merge: Merge<Value>, values: [Value]) -> [String] {
        violations(of: merge.rule, over: values)
    }

    private static func violations<Rule: MergeRule>(of rule: Rule, over values: [Rule.Value]) -> [String] {
        MergeTrial(rule: rule, values: values).violations()
    }
}

/// One check of one rule.
private struct MergeTrial<Rule: MergeRule> {
    typealias Operation = Rule.Operation

    let rule: Rule
    let values: [Rule.Value]

    /// The first example for each broken promise.
    func violations() -> [String] {
        let samples = operations()
        return [roundTrip(), coding(samples), combination(samples), association(samples), keys(samples)]
            .compactMap { $0 }
    }

    private func pairs() -> [(before: Rule.Value, after: Rule.Value)] {
        values.flatMap { before in values.compactMap { before == $0 ? nil : (before, $0) } }
    }

    /// Up to eight operations, taken evenly from all there are.
    private func operations() -> [Operation] {
        let all = pairs().compactMap { rule.operation(from: $0.before, to: $0.after) }
        let step = max(1, (all.count + 7) / 8)
        return stride(from: 0, to: all.count, by: step).map { all[$0] }
    }

    private func roundTrip() -> String? {
        for (before, after) in pairs() {
            guard let operation = rule.operation(from: before, to: after) else { continue }
            let outcome = applying([operation], to: before)
            guard outcome != .value(after) else { continue }
            return "diff, then apply: the change from \(before) to \(after) is \(operation), which gives \(outcome)."
        }
        return nil
    }

    private func coding(_ samples: [Operation]) -> String? {
        for operation in samples {
            let decoded = Result { try JSONDecoder().decode(Operation.self, from: JSONEncoder().encode(operation)) }
            if case .success(operation) = decoded { continue }
            return "encode, then decode: \(operation) becomes \(decoded)."
        }
        return nil
    }

    private func combination(_ samples: [Operation]) -> String? {
        for first in samples {
            for second in samples {
                for value in values {
                    let inTurn = applying([first, second], to: value)
                    let combined = applying(combining(first, second), to: value)
                    guard inTurn != combined else { continue }
                    return "combine, then apply: on \(value), \(first) and then \(second) give \(inTurn), "
                        + "their combination gives \(combined)."
                }
            }
        }
        return nil
    }

    private func association(_ samples: [Operation]) -> String? {
        for first in samples {
            for second in samples {
                for third in samples {
                    let left = combining(first, second).flatMap { combining($0, third) }
                    let right = combining(second, third).flatMap { combining(first, $0) }
                    for value in values where applying(left, to: value) != applying(right, to: value) {
                        return "grouping: on \(value), combining \(first), \(second) and \(third) gives "
                            + "\(applying(left, to: value)) from the left and \(applying(right, to: value)) from the right."
                    }
                }
            }
        }
        return nil
    }

    private func keys(_ samples: [Operation]) -> String? {
        for first in samples {
            for second in samples {
                guard let combined = combining(first, second).operation else { continue }
                let parts = [first, second].flatMap { rule.keys(of: $0) ?? [] }
                let whole = rule.keys(of: combined) ?? []
                guard Set(parts) != Set(whole) else { continue }
                return "keys: \(first) and \(second) claim \(Set(parts).sorted()), "
                    + "their combination claims \(whole.sorted())."
            }
        }
        return nil
    }
}

extension MergeTrial {
    /// A value, or the fact that an error was thrown on the way to it.
    enum Outcome: Equatable, CustomStringConvertible {
        case value(Rule.Value)
        case failure

        var description: String {
            switch self {
            case .value(let value): "\(value)"
            case .failure: "an error"
            }
        }
    }

    /// A combination, or the fact that there is none.
    enum Combination {
        case operation(Operation)
        case failure

        var operation: Operation? {
            guard case .operation(let operation) = self else { return nil }
            return operation
        }

        func flatMap(_ next: (Operation) -> Combination) -> Combination { operation.map(next) ?? .failure }
    }

    private func applying(_ operations: [Operation], to value: Rule.Value) -> Outcome {
        var value = value
        do {
            for operation in operations { try rule.apply(operation, to: &value) }
            return .value(value)
        } catch {
            return .failure
        }
    }

    private func applying(_ combination: Combination, to value: Rule.Value) -> Outcome {
        combination.operation.map { applying([$0], to: value) } ?? .failure
    }

    private func combining(_ first: Operation, _ second: Operation) -> Combination {
        var combined = first
        do { try rule.combine(&combined, with: second) } catch { return .failure }
        return .operation(combined)
    }
}
