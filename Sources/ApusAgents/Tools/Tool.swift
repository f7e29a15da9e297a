public import Apus

/// Something that a model can have done.
///
/// Input and output are `Codable`: the schema that a model is told comes from the input's type, what a model writes is
/// checked against it before ``call(_:_:)`` sees it, and what ``call(_:_:)`` throws goes back to the model as words.
public protocol Tool<Input, Output>: Sendable {
    associatedtype Input: Codable & Sendable
    associatedtype Output: Codable & Sendable

    /// Letters, digits, `_` and `-`, 64 at most, as all providers take them.
    var name: String { get }
    /// For the model: what it does, when to use it.
    var description: String { get }
    /// What a crash means for it, how long it may take, and who has to agree.
    var policy: ToolPolicy { get }

    func call(_ input: Input, _ context: ToolContext) async throws -> Output
}

extension Tool {
    public var policy: ToolPolicy { ToolPolicy() }
}

/// How a tool is called.
public struct ToolPolicy: Sendable, Hashable, Codable {
    /// What is done when a crash left open whether a call happened.
    public enum Effect: String, Sendable, Hashable, Codable {
        /// It only looks: it is called again.
        case readOnly
        /// It is called again with the same ``ToolContext/key``, by which the outside tells a repetition.
        case idempotent
        /// It is never called again; the run stops in doubt until somebody decides.
        case atMostOnce
    }

    /// Whether a call needs somebody's agreement.
    public enum Permission: String, Sendable, Hashable, Codable, Comparable {
        case allow
        /// A person is asked each time, and sees the exact arguments.
        case ask
        /// Never; nothing overrides it.
        case deny

        private var rank: Int { self == .allow ? 0 : self == .ask ? 1 : 2 }
        public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    public var effect: Effect
    public var permission: Permission
    /// Of one call.
    public var timeout: Duration?

    public init(effect: Effect = .idempotent, permission: Permission = .allow, timeout: Duration? = .seconds(60)) {
        self.effect = effect
        self.permission = permission
        self.timeout = timeout
    }

    public static let readOnly = Self(effect: .readOnly)
}

/// What a call of a tool knows of where it happens.
public struct ToolContext: Sendable {
    /// The node whose run this is, with its environment, signals and questions.
    public let node: NodeContext
    /// As the model named it.
    public let callID: String
    /// The same for every try of this call and of no other, for the outside to tell repetitions by.
    public let key: String

    public var environment: any Environment { node.environment }
    public var runID: RunID { node.runID }

    package init(_ node: NodeContext, callID: String, key: String) {
        self.node = node
        self.callID = callID
        self.key = key
    }
}
