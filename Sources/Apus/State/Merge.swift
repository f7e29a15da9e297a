/// How the changes that concurrent branches make to one field come together.
///
/// A change is the smallest operation its merge can say. What it can't say, such as a list that shrank, replaces the
/// value, and a replacement conflicts with every concurrent change of the field.
public struct Merge<Value: Codable & Equatable & Sendable>: Sendable {
    package let rule: any MergeRule<Value>

    init(rule: some MergeRule<Value>) { self.rule = rule }

    /// A merge of your own. `MergeLaws` in ApusTesting checks that the three functions keep their promises.
    ///
    /// - Parameters:
    ///   - diff: The smallest operation that turns the first value into the second, which differs; `nil` when only
    ///     a replacement does.
    ///   - apply: Performs an operation, also on values other than the one it was made from.
    ///   - combine: Lets the second operation follow the first. It is associative, and applying the result equals
    ///     applying both in turn, even in whether it throws.
    public init<Operation: Codable & Equatable & Sendable>(
        diff: @escaping @Sendable (_ before: Value, _ after: Value) -> Operation?,
        apply: @escaping @Sendable (_ value: inout Value, _ operation: Operation) throws -> Void,
        combine: @escaping @Sendable (_ earlier: inout Operation, _ later: Operation) throws -> Void
    ) {
        self.init(rule: CustomRule(diff: diff, apply: apply, combine: combine))
    }

    /// A merge of your own whose operations claim keys: concurrent operations may not share one.
    public init<Operation: Codable & Equatable & Sendable, Key: Hashable & Sendable>(
        diff: @escaping @Sendable (_ before: Value, _ after: Value) -> Operation?,
        apply: @escaping @Sendable (_ value: inout Value, _ operation: Operation) throws -> Void,
        combine: @escaping @Sendable (_ earlier: inout Operation, _ later: Operation) throws -> Void,
        keys: @escaping @Sendable (_ operation: Operation) -> [Key]
    ) {
        self.init(
            rule: CustomRule(diff: diff, apply: apply, combine: combine) { keys($0).map { FieldKey($0) } })
    }

    /// Every change replaces the value; concurrent writers are an error.
    public static var exclusive: Merge { Merge(rule: ExclusiveRule()) }
}

extension Merge where Value: RangeReplaceableCollection, Value.Element: Equatable {
    /// What branches append is kept, in graph order. Finding it compares the elements that were there before.
    public static var append: Merge { Merge(rule: AppendRule()) }
}

extension Merge where Value: AppendOnly, Value.Element: Codable & Equatable & Sendable {
    /// What branches append is kept, in graph order.
    public static var append: Merge { Merge(rule: AppendOnlyRule()) }
}

extension Merge where Value: FixedWidthInteger {
    /// What branches add and subtract is added up exactly. Leaving the type's range fails the run.
    public static var sum: Merge { Merge(rule: SumRule()) }
}

extension Merge where Value: SetAlgebra {
    /// What branches insert is kept; a removal replaces the set.
    public static var union: Merge { Merge(rule: UnionRule()) }
}

extension Merge
where Value: KeyedCollection, Value.Key: Codable & Sendable, Value.Value: Codable & Equatable & Sendable {
    /// Branches set and remove entries of their own; concurrent writers of one key are an error.
    public static var keys: Merge { Merge(rule: KeysRule()) }
}

extension Merge where Value: Comparable {
    /// The greatest value any branch set; lowering it replaces the value.
    public static var maximum: Merge { Merge(rule: ExtremeRule(side: .greatest)) }
    /// The least value any branch set; raising it replaces the value.
    public static var minimum: Merge { Merge(rule: ExtremeRule(side: .least)) }
}
