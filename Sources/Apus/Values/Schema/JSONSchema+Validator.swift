extension JSONSchema {
    /// A compiled schema. Compile once, validate often, from any number of tasks.
    ///
    /// Drafts 7 and 2020-12 are understood, whichever `$schema` names. `format`, `contentEncoding` and other annotations
    /// assert nothing. Lengths count Unicode scalars; numbers are compared, and divided by `multipleOf`, as the decimals that
    /// they are written as.
    ///
    /// A `pattern` is ECMAScript's, translated for ICU: `$`, `\d`, `\w` and `\s` mean what they mean there. What differs is
    /// that `\b` follows Unicode's word boundaries, `.` doesn't match U+0085, and that lookbehinds must be bounded.
    public struct Validator: Sendable {
        private let program: SchemaProgram
        private let limits: Limits

        /// - Parameters:
        ///   - registry: the schemas elsewhere that this one refers to.
        ///   - draft: for schemas without `$schema`.
        /// - Throws: ``JSONSchemaError`` if a reachable part of the schema makes no sense.
        public init(
            _ schema: JSONSchema, registry: Registry = Registry(), draft: Draft = .draft2020, limits: Limits = Limits()
        ) throws(JSONSchemaError) {
            var compiler = SchemaCompiler(registry: registry, limits: limits)
            program = try compiler.compile(schema.json, draft: draft)
            self.limits = limits
        }

        /// What is wrong with `value`; nothing if it is valid.
        ///
        /// A schema that goes on for ever, or longer than the limits allow, is a violation too.
        public func validate(_ value: JSON) -> [Violation] {
            var evaluation = SchemaEvaluation(program, limits: limits)
            return evaluation.run(value)
        }
    }

    /// Bounds of what a schema may ask for, so that a hostile one can't take a process down.
    public struct Limits: Sendable, Hashable {
        /// How many violations are reported at most.
        public var violations = 20
        /// How deep schemas may be applied within each other. A level takes about one KB of stack in release builds.
        public var depth = 256
        /// How many times schemas may be applied during one validation.
        public var applications = 1_000_000
        /// How many parts a compiled schema may have.
        public var parts = 100_000
        /// How long a pattern may be, in Unicode scalars.
        public var patternLength = 4_096
        /// How long matching one pattern may take, in units of about 0.1 ms.
        public var patternSteps = 1_000

        public init() {}
    }

    /// One thing that is wrong with a value.
    public struct Violation: Sendable, Hashable, CustomStringConvertible {
        /// Where in the value, as a JSON Pointer; empty for the whole.
        public var path: String
        /// The keyword of the schema that is violated, such as `minimum`.
        public var keyword: String
        /// What was expected and what came instead, in words that a language model can act on. It quotes short values.
        public var message: String

        public init(path: String, keyword: String, message: String) {
            self.path = path
            self.keyword = keyword
            self.message = message
        }

        public var description: String { path.isEmpty ? message : "\(path): \(message)" }
    }
}
