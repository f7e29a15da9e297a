import Testing

/// A rule of the house, with examples that prove that it can fail.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    /// Each of these small repositories breaks the rule.
    let planted: [[SourceFile]]
    /// Each of these looks like a violation and is none.
    let innocent: [[SourceFile]]
    let violations: @Sendable ([SourceFile]) -> [Violation]

    var testDescription: String { name }

    init(
        _ name: String, planted: [[SourceFile]], innocent: [[SourceFile]],
        checking violations: @escaping @Sendable ([SourceFile]) -> [Violation]
    ) {
        self.name = name
        self.planted = planted
        self.innocent = innocent
        self.violations = violations
    }

    /// A rule that looks at one file at a time; each example is one file.
    init(
        _ name: String, planted: [SourceFile], innocent: [SourceFile],
        checkingEach violations: @escaping @Sendable (SourceFile) -> [Violation]
    ) {
        self.init(name, planted: planted.map { [$0] }, innocent: innocent.map { [$0] }) { $0.flatMap(violations) }
    }

    static let all: [Rule] = [
        .moduleImports, .layers, .fileLength(allowing: Ratchet.files), .functionLength(allowing: Ratchet.functions),
        .environment, .patientTests, .invariants, .locks, .asyncLet, .leftovers, .typeNames, .machinePaths,
    ]
}
